# %% [markdown]
# # Eerste kennismaking
#
# Hoefblad Huis & Tuin bestaat niet, maar zijn klanten worden behandeld alsof ze wel bestaan: van ruwe
# leveringen naar profielen, segmenten, een onderbouwde keuze en een bestand voor wie bereikt mag worden.
#
# Draai eerst `klantprofiel demo` in dit project. Dit notebook leest de release die toen is gemaakt.

# %%
import klantprofiel as kp

release = kp.open_release()
release

# %% [markdown]
# ## Wat is er geleverd, en wat is eruit gehaald?
#
# Elk record is geladen of staat met een reden in quarantaine; er raakt niets zoek.

# %%
release.arrow(
    "select file_name, n_records, n_loaded, n_quarantined from batch_accounts order by file_name"
).to_pandas()

# %% [markdown]
# ## Wie zijn de klanten?
#
# Een klant kan onder meer nummers bekendstaan, in het CRM en in de webshop. Een profiel is een rij per klant.

# %%
profiles = release.profiles()
profiles

# %%
columns = ["label", "unit", "known_share", "q25", "median", "q75", "most_common"]
profiles.describe("behavioural").select(columns).to_pandas()

# %% [markdown]
# Een klant van dichtbij: welke waarde is gekozen, uit welke bron en volgens welke regel? Direct
# herleidbare gegevens staan gemaskeerd; deze release bevat ze niet.

# %%
((customer_id,),) = release.rows(
    "select min(customer_id) from customers where n_records = (select max(n_records) from customers)"
)
release.customer(customer_id)

# %% [markdown]
# ## Welke groepen kopen op dezelfde manier?
#
# Het project bewaarde een segmentatie onder de naam *koopgedrag*. Wie bezwaar maakte, zit in geen segment.

# %%
segmentation = release.segmentation("koopgedrag")
segmentation

# %% [markdown]
# Zelf proberen mag ook, zolang je het niet bewaart: drie groepen op gedrag en streek samen.

# %%
trial = kp.segment(
    profiles,
    bases=["geographic", "behavioural"],
    using=kp.KMeansSegmenter(n_segments=3, random_state=0),
)
trial.sizes().to_pandas()

# %% [markdown]
# ## Welke segmenten verdienen aandacht?
#
# Zes vragen: drie zijn gemeten, drie beoordeeld door mensen, met datum en bron. Wat niemand weet, blijft
# onbekend en maakt de uitkomst een bereik.

# %%
scorecard = release.scorecard("najaar")
scorecard

# %% [markdown]
# ## Wie mag bereikt worden?
#
# Kiezen doe je met naam en reden; de keuze komt in het grootboek. Van alle klanten in de gekozen segmenten
# blijft over wie toestemming gaf voor de nieuwsbrief per e-mail en daar een adres voor heeft.

# %%
choice = scorecard.select(top=2, by="analist", because="kennismaking met de hoogste twee")
audience = kp.audience(choice, purpose="nieuwsbrief", channel="email", release=release)
audience

# %% [markdown]
# Het bestand is voor wie de nieuwsbrief verstuurt. Wat er is overgedragen, aan hoeveel klanten en op welke
# grondslag, staat daarna in het warehouse.

# %%
kp.export(audience, "uitvoer/kennismaking.csv")

# %%
release.close()
