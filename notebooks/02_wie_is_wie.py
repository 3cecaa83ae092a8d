# %% [markdown]
# # Wie is wie?
#
# Dezelfde mens staat vaak onder meer nummers bekend. Hoe goed zijn die nummers bij elkaar gebracht? Dit
# notebook is voor de eigenaar van het warehouse: het leest ook de direct herleidbare gegevens, maar toont
# alleen aantallen.
#
# Draai eerst `klantprofiel demo` in dit project.

# %%
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import klantprofiel as kp
from klantprofiel.unification.decisions import precision_estimate
from klantprofiel.unification.portrait import linkage_portrait
from klantprofiel.unification.quality import identity_quality
from klantprofiel.unification.thresholds import threshold_curve
from klantprofiel.warehouse import open_owner

project = kp.find_project()
release = kp.open_release()
release

# %% [markdown]
# ## Hoe is er gekoppeld?
#
# Elk paar records dat iets gemeen heeft krijgt een score in bits: tien bits meer is duizend keer zo
# waarschijnlijk dezelfde persoon. De figuren tonen hoeveel paren er boven elke drempel liggen, hoeveel
# records een klant heeft, hoe zwaar elke overeenkomst weegt, en welke records zo weinig zeggen dat zelfs een
# gelijke kopie er niet aan te koppelen is.

# %%
portrait = linkage_portrait(release)
portrait

# %%
print(portrait)

# %% [markdown]
# ## Klopt het?
#
# Van het voorbeeldbedrijf is de waarheid bekend: `waarheid/registraties.parquet` zegt welke persoon er achter
# elk nummer zit. *Precisie* is het aandeel van de samengevoegde paren dat klopt, *vindkans* het aandeel van
# de ware paren dat is gevonden. B-cubed vraagt hetzelfde per record: grote groepen tellen dan niet zwaarder.

# %%
registered = pq.read_table(project.path("waarheid/registraties.parquet"))
truth = pa.table(
    {
        "record_id": pc.binary_join_element_wise(registered["source"], registered["customer_number"], "/"),
        "person": registered["person_id"],
    }
)
quality = identity_quality(release, truth)
print(quality)

# %% [markdown]
# Wat zou een andere drempel hebben gevonden? Hier telt elk paar op zichzelf, nog zonder groepen.

# %%
curve = threshold_curve(release, truth)
curve

# %% [markdown]
# ## En als niemand de waarheid kent?
#
# Dan beoordelen mensen een steekproef. `klantprofiel identity review --sample 100 --seed 1` trekt paren die
# zijn samengevoegd; wie ze bekijkt, beslist met `klantprofiel identity join` of `split`. Daarna staat hier
# het geschatte aandeel dat klopt, met een interval van 95%.

# %%
warehouse = kp.Warehouse(project.warehouse_path)
try:
    with open_owner(release.root, release.release_id) as whole:
        print(precision_estimate(warehouse.ledger, whole))
except kp.NotFoundError as nothing_drawn:
    print(nothing_drawn)

# %%
release.close()
