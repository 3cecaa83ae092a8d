# %% [markdown]
# # Het klantprofiel
#
# Wat is er van elke klant bekend, hoe goed, en sinds wanneer? Een profiel heeft vijf facetten: *gegevens*,
# *leefwereld*, *behoeften*, *verwachtingen* en *ervaring*. Elke variabele hoort bij een facet en, als zij mag
# segmenteren, bij een basis: geografisch, demografisch, psychologisch of gedrag.
#
# Draai eerst `klantprofiel demo` in dit project.

# %%
from datetime import timedelta

import klantprofiel as kp

release = kp.open_release()
profiles = release.profiles()
{"klanten": len(profiles), "variabelen": len(profiles.variables())}

# %% [markdown]
# ## Welke variabelen zijn er?
#
# Het register staat in de release: wat een variabele betekent, waarvoor zij mag worden gebruikt en wat het
# zegt als zij onbekend is. Een eigen variabele is een SQL-bestand met haar beschrijving ernaast, in
# `schemas/variables`.

# %%
release.arrow(
    "select facet, basis, count(*) as n, string_agg(label, ' · ') as labels "
    "from variables group by all order by facet, basis"
).to_pandas()

# %%
release.arrow(
    "select name, label, unit, missing, protected, source_tables from variables where facet = 'ervaring'"
).to_pandas()

# %% [markdown]
# ## Hoe goed zijn ze bekend?
#
# Een uitroepteken waarschuwt: een variabele die bij iedereen gelijk is, of bij bijna niemand bekend, zegt
# niets van een groep. Een schaal die te onbetrouwbaar is gemeten, zegt te weinig. De segmentatie laat ze weg.

# %%
profiles.coverage()

# %%
described = profiles.describe().to_pandas()
described.loc[described["finding"].notna(), ["label", "facet", "known_share", "finding"]]

# %% [markdown]
# ## Hoe betrouwbaar is een vragenlijst?
#
# Stellingen over hetzelfde begrip vormen een schaal, als ze samenhangen: dat zegt Cronbachs alfa, per meting.
# Alle cijfers per vraag geeft `.to_arrow()`; `release.reliability("gemak")` toont één schaal.

# %%
release.reliability()

# %% [markdown]
# ## Hoe zijn klanten verdeeld?
#
# Wie onbekend is, staat in geen kolom; de laatste kolom bevat ook de uitschieters.

# %%
profiles.distributions(["recency_days", "frequency", "monetary_eur", "online_share", "category_main"])

# %%
columns = ["label", "unit", "known_share", "q25", "median", "q75", "most_common"]
profiles.describe("behavioural").select(columns).to_pandas().head(12)

# %% [markdown]
# ## Een klant op een kaart
#
# Per facet wat er bekend is; in grijs waarom de rest ontbreekt. Naam en adres zijn afgeschermd: deze release
# bevat ze niet. Wie ze mag zien, vraagt dat aan de eigenaar van het warehouse.

# %%
((customer_id,),) = release.rows(
    "select customer_id from profiles "
    "order by n_complaints_365 desc nulls last, frequency desc, customer_id limit 1"
)
customer = release.customer(customer_id)
customer

# %% [markdown]
# Eén variabele vraagt u bij naam; een naam die er niet is, noemt de naam die erop lijkt.

# %%
customer.variables["recency_days"]

# %%
try:
    customer.variables["recency_day"]
except kp.NotFoundError as error:
    print(error)

# %% [markdown]
# ## Wat veranderde er?
#
# Van elk gegeven dat wijzigde staat er sinds wanneer het geldt, en sinds wanneer wij dat weten. *Na dagen*
# zegt hoe laat het nieuws kwam; wat later is verbeterd, heeft een dag waarop het werd vervangen.

# %%
((changed_id,),) = release.rows(
    "select customer_id from customers left join attribute_changes as change using (customer_id) "
    "group by customer_id order by count(change.attribute) desc, customer_id limit 1"
)
release.customer(changed_id).history()

# %% [markdown]
# ## Hoe stond het er een maand geleden voor?
#
# De variabelen worden opnieuw berekend, uit wat er tot en met die dag was gebeurd. Wie toen nog geen klant
# was, heeft geen rij.

# %%
month_ago = release.as_of - timedelta(days=30)
then = release.profiles(as_of=month_ago)
{"nu": len(profiles), f"op {month_ago:%d-%m-%Y}": len(then)}

# %%
then.describe("behavioural").select(["label", "n_known", "median", "mean"]).to_pandas().head(6)

# %% [markdown]
# Met `known_at` telt alleen mee wat het warehouse op een moment al wist. Zo ziet u de peildatum zoals die er
# na de eerste nacht uitzag: wat later kwam, hoe oud ook, is dan nog onbekend.

# %%
((first_night,),) = release.rows("select min(recorded_at) from purchase_days_history")
known_first = release.profiles(known_at=first_night)
{
    when: round(float(known.to_pandas("monetary_eur")["monetary_eur"].sum()), 2)
    for when, known in {"besteding, nu bekend": profiles, "bekend na de eerste nacht": known_first}.items()
}

# %% [markdown]
# ## Verder rekenen
#
# Er wordt niets gelezen voordat u het vraagt. `.to_pandas()`, `.to_polars()` en `.to_arrow()` nemen de
# kolommen die u noemt; wat de Arrow-capsule leest, leest profielen rechtstreeks.

# %%
profiles.to_pandas(["customer_id", "recency_days", "frequency", "monetary_eur"]).head()

# %%
release.close()
