"""A wrong declaration fails at import, with file, class and column, and shows the correct form."""

from __future__ import annotations

import pytest

from klantprofiel import schema as s
from klantprofiel.errors import DeclarationError

CUSTOMERS = '''
class CrmCustomers(s.CustomerTable, maps_to=s.canonical.Customers):
    """Klanten uit het CRM: one row per customer, delivered daily."""
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    customer_id = s.Text(label="Klantnummer", source="klantnr", key=True)
    {line}
'''
EVENTS = '''
class ShopEvents(s.EventTable{options}):
    """Iets uit de webshop: one row per event, delivered daily."""
    purpose = "uitvoering overeenkomst"
    retention = s.years(7)
    event_id = s.Text(label="Nummer", key=True)
    {line}
'''
REFERENCES = '''
class ShopProducts(s.ReferenceTable):
    """Artikelen uit de webshop: one row per product, delivered daily."""
    product_id = s.Text(label="Nummer", key=True)
    {line}
'''


def declare(source: str) -> dict[str, type[s.Table]]:
    """Run a schema file and return the tables in it."""
    names = {"s": s, "__name__": "a_schema"}
    exec(compile(source, "schemas/crm.py", "exec"), names)  # noqa: S102 - the text stands in this file
    return {name: table for name, table in names.items() if isinstance(table, type)}


def refusal_of(source: str) -> DeclarationError:
    with pytest.raises(DeclarationError) as caught:
        declare(source)
    assert caught.value.exit_code == 2
    assert caught.value.found.startswith("schemas/crm.py, line ")
    assert caught.value.expected
    assert caught.value.todo
    return caught.value


@pytest.mark.parametrize(
    ("line", "found", "expected"),
    [
        ("email = s.Email()", "'label'", 's.Email(label="E-mailadres"'),
        ('email = s.Email(label=" ")', "the label is empty", 's.Email(label="E-mailadres"'),
        ("email = s.Email(label=3)", "label=3 is not a text", "s.Email("),
        (
            'email = s.Email(lable="x")',
            "'lable' is not an option of Email, did you mean 'label'?",
            "s.Email(",
        ),
        ('email = s.Email("E-mailadres")', "positional", "s.Email("),
        ("email = s.Email", "s.Email without its options", "email = s.Email("),
        ('email = s.Email(label="x"),', "a value of type tuple is no column", "s.Text("),
        ('email: s.Email(label="x")', "stands with a :", "email = s.Text("),
        ('email = s.Email(label="x", nullable="ja")', "nullable='ja'", "nullable=True or nullable=False"),
        ('email = s.Email(label="x", retention=7)', "retention=7", "retention=s.years(7)"),
        ('email = s.Email(label="x", retention=s.years(0))', "a retention of 0 years", "s.years(7)"),
        (
            'email = s.Email(label="x", source="klantnr")',
            "'klantnr' is that of customer_id too",
            "one column per header",
        ),
        ('email = s.Email(label="x", source=" e-mail")', "has spaces around it", "a header without them"),
        (
            'email = s.Email(label="x", personal=False)',
            "personal=False where",
            "email without personal=False",
        ),
        ('sex = s.Sex(label="x", protected=False)', "protected=False where", "sex without protected=False"),
        ('Email = s.Email(label="x")', "'Email' is not lower case letters", "another name"),
        ('order = s.Text(label="x")', "'order' is a word of SQL", 'source="order"'),
        ('batch_id = s.Text(label="x")', "'batch_id' is a name that every table has", "another name"),
        ('recorded_at = s.Timestamp(label="x")', "'recorded_at' is a name that every table has", "another"),
        ('run_id = s.Text(label="x")', "'run_id' is a name that every table has", "another name"),
        ('line_number = s.Text(label="x")', "'line_number' is a name that every table has", "another name"),
        ('told = s.Date(label="x", name="delivered_on")', "'delivered_on' is a name that every", "another"),
        ('columns = s.Text(label="x")', "'columns' is a name that every table has", "another name"),
        ('purpose = s.Text(label="x")', "purpose is declared twice", "once"),
        (
            'rank = s.Integer(label="x")',
            "rank is a setting of the table",
            'declared_rank = s.Integer(label="...", name="rank")',
        ),
        ('rank_told = s.Integer(label="x", name="source")', "'source' is a name", "another name"),
        ('mail = s.Email(label="x", name="customer_id")', "two columns with one name", "another name="),
        ('customer_id = s.Text(label="x")', "customer_id is declared twice", "each column"),
        ('klant_bsn = s.IdNumber(label="x")', "a citizen service number (BSN)", "the law forbids"),
        ('nummer = s.IdNumber(label="x", source="Burgerservicenummer")', "(BSN)", "the law forbids"),
        (
            'email_old = s.Email(label="x", key=True, nullable=True)',
            "a key that may be empty",
            "key=True without",
        ),
        ("import re", "a value of type module is no column", "s.Text("),
    ],
)
def test_a_wrong_column_is_refused(line: str, found: str, expected: str) -> None:
    refusal = refusal_of(CUSTOMERS.format(line=line))
    assert "CrmCustomers" in refusal.found
    assert found in refusal.found
    assert expected in refusal.expected


@pytest.mark.parametrize(
    ("line", "found", "expected"),
    [
        ('x = s.Amount(label="x")', "the unit is empty", 'unit="EUR"'),
        ('x = s.Amount(label="x", unit="")', "the unit is empty", 'unit="EUR"'),
        ('x = s.Amount(label="x", unit="EUR", decimals=9)', "decimals=9", "from 0 to 4"),
        ('x = s.Amount(label="x", unit="EUR", minimum=0.5)', "0.5 is not an exact number", 'Decimal("0.50")'),
        ('x = s.Integer(label="x", minimum=2, maximum=1)', "minimum 2 above maximum 1", "the lower"),
        ('x = s.Integer(label="x", minimum=True)', "minimum=True is not an exact number", "minimum=0"),
        ('x = s.Scale(label="x", lowest=5, highest=1)', "a scale from 5 to 1", "lowest=1, highest=5"),
        ('x = s.Scale(label="x")', "'lowest'", "lowest=1, highest=5"),
        ('x = s.Choice(label="x")', "'values'", 'values=("email", "post")'),
        ('x = s.Choice(label="x", values=())', "values=()", 'values=("email", "post")'),
        ('x = s.Choice(label="x", values="email")', "values='email'", 'values=("email", "post")'),
        ('x = s.Choice(label="x", values=("a", "a"))', "listed twice", "each code once"),
        ('x = s.Choice(label="x", values=("a", 1))', "the code 1", "text without spaces"),
        ('x = s.Choice(label="x", values=("a ",))', "the code 'a '", "text without spaces"),
        ('x = s.Choice(label="x", values={"a": 1})', "the code 'a' stands for 1", "s.Choice("),
        ('x = s.Choice(label="x", values={"a": None})', "stands for nothing", "nullable=True"),
        ('x = s.Flag(label="x", values=("J", "N"))', "values=('J', 'N')", '{"J": True, "N": False}'),
        (
            'x = s.Flag(label="x", values={"J": "ja"})',
            "the code 'J' stands for 'ja'",
            '{"J": True, "N": False}',
        ),
        ('x = s.Sex(label="x", values={"V": "vrouw"})', "stands for 'vrouw'", '{"V": "female", "M": "male"}'),
        ('x = s.Date(label="x", format="%d-%Y")', "has no month", "%d-%m-%Y"),
        ('x = s.Date(label="x", format="dd-mm-yyyy")', "holds 'd'", "%d-%m-%Y"),
        ('x = s.Date(label="x", format="%d-%m-%Y %H")', "holds a time", "%d-%m-%Y"),
        ('x = s.Date(label="x", format="%d-%d-%m-%Y")', "names a part twice", "%d-%m-%Y"),
        ('x = s.Date(label="x", format=3)', "is not a text", "%d-%m-%Y"),
        ('x = s.Date(label="x", zone="UTC")', "'zone' is not an option of Date", "s.Date("),
        ('x = s.Timestamp(label="x", format="%d-%m-%Y %M")', "holds minute without hour", "%H:%M:%S"),
        (
            'x = s.Timestamp(label="x", zone="Europe/Amsterdm")',
            "did you mean 'Europe/Amsterdam'?",
            "Europe/Amsterdam",
        ),
        ('x = s.Timestamp(label="x", zone="Europe")', "zone='Europe' is unknown", "Europe/Amsterdam"),
        ('x = s.Timestamp(label="x", zone="../etc")', "zone='../etc' is unknown", "Europe/Amsterdam"),
        ('x = s.Timestamp(label="x", zone=1)', "zone=1 is unknown", "Europe/Amsterdam"),
        ('x = s.Text(label="x", pattern="[0-9")', "pattern='[0-9'", 'pattern="[0-9]{6}"'),
        ('x = s.Text(label="x", pattern="(?=a)b")', "looks around or back", 'pattern="[0-9]{6}"'),
        ('x = s.Text(label="x", pattern="a{6000}")', "cannot be read by DuckDB", 'pattern="[0-9]{6}"'),
        ('x = s.Text(label="x", pattern=6)', "pattern=6", 'pattern="[0-9]{6}"'),
    ],
)
def test_a_wrong_option_of_a_kind_is_refused(line: str, found: str, expected: str) -> None:
    refusal = refusal_of(EVENTS.format(line=line, options=""))
    assert "ShopEvents.x" in refusal.found
    assert found in refusal.found
    assert expected in refusal.expected


@pytest.mark.parametrize(
    ("line", "found", "expected"),
    [
        ('dialect = s.Csv(delimiter=";;")', "delimiter=';;'", 'one character, such as delimiter=";"'),
        ('dialect = s.Csv(delimeter=";")', "did you mean 'delimiter'?", "s.Csv("),
        ('dialect = s.Csv(quote=";")', "delimiter and quote are both ';'", "two different characters"),
        ('dialect = s.Csv(delimiter="a")', "delimiter='a' is part of values itself", 'delimiter=";"'),
        ('dialect = s.Csv(delimiter="1")', "delimiter='1' is part of values itself", 'delimiter=";"'),
        ('dialect = s.Csv(quote="x")', "quote='x' is part of values itself", "quote="),
        ('dialect = s.Csv(delimiter=",")', "delimiter and decimal are both ','", "two different"),
        ('dialect = s.Csv(delimiter=".", thousands=".")', "delimiter and thousands are both '.'", "two diff"),
        ('dialect = s.Csv(quote=",")', "quote and decimal are both ','", "two different"),
        ('dialect = s.Csv(encoding="utf-7")', "'utf-7' writes ASCII in other bytes", "utf-8"),
        ('dialect = s.Csv(encoding="cp037")', "'cp037' writes ASCII in other bytes", "utf-8"),
        ('dialect = s.Csv(encoding="hz")', "'hz' writes ASCII in other bytes", "utf-8"),
        ('dialect = s.Csv(encoding="unicode_escape")', "'unicode_escape' writes ASCII in other", "utf-8"),
        ('dialect = s.Csv(encoding="punycode")', "'punycode' writes ASCII in other bytes", "utf-8"),
        ('dialect = s.Csv(decimal="1")', "decimal='1' is part of a number", "a separator"),
        ('dialect = s.Csv(thousands=",")', "decimal and thousands are both ','", "two different characters"),
        ('dialect = s.Csv(thousands="")', "thousands=''", "one character"),
        ('dialect = s.Csv(encoding="utf-9")', "encoding='utf-9' is unknown, did you mean", "cp1252"),
        ('dialect = s.Csv(encoding="base64")', "encoding='base64' is unknown", "cp1252"),
        ('dialect = s.Csv(date_format="%Y")', "date_format='%Y' has no day", "%d-%m-%Y"),
        ('dialect = s.Csv(timestamp_format="x")', "timestamp_format='x' holds 'x'", "%d-%m-%Y %H:%M:%S"),
        ('dialect = s.Csv(zone="Mars/Olympus")', "zone='Mars/Olympus' is unknown", "Europe/Amsterdam"),
        ('dialect = s.Parquet(zone="UTC+1")', "zone='UTC+1' is unknown", "Europe/Amsterdam"),
        ("dialect = s.Csv", "dialect = s.Csv", "s.Csv(delimiter="),
        ('dialect = ";"', "a value of type str", "s.Csv(delimiter="),
        ("quarantine = s.at_most(share=1.5)", "a share of 1.5", "s.at_most(share=0.02)"),
        ("quarantine = s.at_most(share=-0.1)", "a share of -0.1", "s.at_most(share=0.02)"),
        ('quarantine = s.at_most(share="2%")', "a share of '2%'", "s.at_most(share=0.02)"),
        ("quarantine = s.at_most(0.1)", "positional", "s.at_most(share=0.02)"),
        ("quarantine = 0.1", "a value of type float", "s.at_most(share=0.02)"),
        ("quarantine = s.years(1)", "a value of type Retention", "s.at_most(share=0.02)"),
        ("rank = 1", "rank is no setting of EventTable", "customers_of"),
        ('name = "Shop Events"', "name = 'Shop Events'", "lower case letters"),
        ('source = "Shop/1"', "source = 'Shop/1'", "lower case letters"),
        ("customers_of = s.canonical.Customers", "customers_of = <Customers", "lower case letters"),
        ("quarantaine = s.at_most(share=0.1)", "did you mean 'quarantine'?", "quarantine"),
        ("retension = s.years(1)", "did you mean 'retention'?", "retention"),
        ("dialect = s.Csv()\n    dialect = s.Csv()", "dialect is declared twice", "once"),
        (
            "columns = s.rule('true', because='x')",
            "'columns' is a name that every table has",
            "not_in_future = s.rule(",
        ),
        ("def later(self): ...", "a value of type function", "s.Text("),
    ],
)
def test_a_wrong_setting_is_refused(line: str, found: str, expected: str) -> None:
    refusal = refusal_of(EVENTS.format(line=line, options=""))
    assert found in refusal.found
    assert expected in refusal.expected


@pytest.mark.parametrize(
    ("options", "line", "found", "expected"),
    [
        (", mapsto=s.canonical.Orders", "", "did you mean 'maps_to'?", "maps_to=s.canonical.Orders"),
        (", maps_to='orders'", "", "maps_to is no canonical table", "maps_to=s.canonical.Customers"),
        (
            ", maps_to=s.canonical.Customers",
            "",
            "EventTable cannot fill Customers",
            "s.CustomerTable, maps_to",
        ),
        (", maps_to=s.canonical.Orders", "", "no column order_id, which Orders cannot", "order_id = s.Text("),
        (
            ", maps_to=s.canonical.Reviews",
            'reveiw_id = s.Text(label="x")',
            "no column review_id, which Reviews cannot do without, did you mean 'reveiw_id'?",
            "review_id = s.Text(",
        ),
        (
            ", maps_to=s.canonical.Contacts",
            'contact_id = s.Text(label="x")\n    is_complaint = s.Text(label="x")',
            "s.Text where the canonical column is s.Flag",
            "s.Flag(",
        ),
        (
            ", maps_to=s.canonical.Subscriptions",
            'subscription_id = s.Text(label="x")\n    amount_eur = s.Amount(label="x", unit="USD")',
            "unit='USD'",
            'unit="EUR"',
        ),
        (
            ", maps_to=s.canonical.Subscriptions",
            (
                'subscription_id = s.Text(label="x")\n'
                '    amount_eur = s.Amount(label="x", unit="EUR", decimals=4)'
            ),
            "values of type DECIMAL(18,4)",
            "DECIMAL(18,2)",
        ),
        (
            ", maps_to=s.canonical.Reviews",
            'review_id = s.Text(label="x")\n    rating = s.Scale(label="x", lowest=1, highest=10)',
            "a scale from 1 to 10",
            "the canonical scale from 1 to 5",
        ),
        (
            ", maps_to=s.canonical.Promises",
            'promise_id = s.Text(label="x")\n    kind = s.Choice(label="x", values={"B": "promis"})',
            "the code 'B' stands for 'promis', did you mean 'promise'?",
            "promise, preference",
        ),
        (
            ", maps_to=s.canonical.Reviews",
            'review_id = s.Text(label="x")',
            "ShopEvents.review_id: review_id is no key, so two rows of Reviews would pass for one",
            'review_id = s.Text(label="x", key=True, ...)',
        ),
        (
            ", maps_to=s.canonical.Orders",
            (
                'order_id = s.Text(label="x", key=True)\n    ordered_at = s.Timestamp(label="x")\n'
                '    line_id = s.Text(label="Regel")'
            ),
            "ShopEvents.line_id: line_id is no key",
            'line_id = s.Text(label="Regel", key=True, ...)',
        ),
        (
            ", maps_to=s.canonical.Reviews",
            'review_id = s.Text(label="x", nullable=True)',
            "nullable=True on a column that is never empty",
            "without nullable=True",
        ),
    ],
)
def test_a_wrong_mapping_is_refused(options: str, line: str, found: str, expected: str) -> None:
    refusal = refusal_of(EVENTS.format(line=line, options=options))
    assert found in refusal.found
    assert expected in refusal.expected


@pytest.mark.parametrize(
    ("source", "found", "expected"),
    [
        (CUSTOMERS.replace("    purpose", "    # purpose"), "persons without a purpose", "purpose = "),
        (CUSTOMERS.replace("    retention", "    # retention"), "persons without a retention", "s.years(7)"),
        (CUSTOMERS.replace('    """', '    # """'), "no docstring", "one row per customer"),
        (CUSTOMERS.replace(", key=True", ""), "no key", "key=True"),
        (CUSTOMERS.replace("    customer_id", "    # customer_id"), "no columns", "key=True"),
        (CUSTOMERS.replace("customer_id = ", "loyalty_code = "), "a key of loyalty_code", "customer_id"),
        (CUSTOMERS.replace("CrmCustomers", "Customers"), "a table cannot be named customers", "CrmCustomers"),
        (CUSTOMERS.replace("CrmCustomers", "GoldenRecord"), "a table cannot be named golden_record", "Crm"),
        (CUSTOMERS.replace("CrmCustomers", "Profiles"), "a table cannot be named profiles", "CrmProfiles"),
        (CUSTOMERS.replace("CrmCustomers", "Catalog"), "a table cannot be named catalog", "CrmCatalog"),
        (EVENTS.format(options="", line="pass").replace(", key=True", ""), "no key", "key=True"),
        (REFERENCES.replace(", key=True", ""), "no key", "key=True"),
        (CUSTOMERS.replace("CrmCustomers", "Order"), "a table cannot be named order", "CrmOrder"),
        (
            CUSTOMERS.replace("s.CustomerTable", "s.CustomerTable, s.EventTable"),
            "a table built on Cust",
            "one of",
        ),
    ],
)
def test_a_table_that_is_not_whole_is_refused(source: str, found: str, expected: str) -> None:
    refusal = refusal_of(source.format(line="pass"))
    assert found in refusal.found
    assert expected in refusal.expected


def test_a_table_is_not_built_on_another_source() -> None:
    second = CUSTOMERS.replace("CrmCustomers(s.CustomerTable", "ShopCustomers(CrmCustomers")
    with pytest.raises(DeclarationError, match="a table built on CrmCustomers"):
        declare((CUSTOMERS + second).format(line="pass"))


@pytest.mark.parametrize(
    "line",
    [
        's_name = s.Surname(label="Contactpersoon")',
        'birth_date = s.BirthDate(label="Geboren")',
        'note = s.Text(label="Notitie", personal=True)',
    ],
)
def test_a_table_about_things_holds_no_persons(line: str) -> None:
    refusal = refusal_of(REFERENCES.format(line=line))
    assert "a column about persons in a ReferenceTable" in refusal.found
    assert "CustomerTable or EventTable" in refusal.expected


def test_a_table_about_things_may_have_an_address() -> None:
    tables = declare(REFERENCES.format(line='place = s.Place(label="Plaats")'))
    assert not tables["ShopProducts"].columns["place"].personal


def test_a_wrong_declaration_made_outside_a_table_is_refused_where_it_is_used() -> None:
    source = EVENTS.format(line="dialect = CSV", options="").replace(
        "\nclass", "CSV = s.Csv(delimeter=';')\nclass"
    )
    assert "ShopEvents.dialect: 'delimeter'" in refusal_of(source).found


def test_the_error_names_the_place_and_says_what_to_do() -> None:
    refusal = refusal_of(CUSTOMERS.format(line='email = s.Email(lable="E-mail")'))
    assert str(refusal) == (
        "schemas/crm.py, line 7, CrmCustomers.email:"
        " 'lable' is not an option of Email, did you mean 'label'?\n"
        '  Expected: s.Email(label="E-mailadres", nullable=True)\n'
        "  What to do: correct CrmCustomers.email and start again; nothing was read or written"
    )


def test_a_fault_of_the_whole_table_names_the_line_of_its_class() -> None:
    assert (
        "line 2, CrmCustomers: no key"
        in refusal_of(CUSTOMERS.replace(", key=True", "").format(line="pass")).found
    )


@pytest.mark.parametrize(
    ("line", "found", "expected"),
    [
        ('email = s.Emial(label="x")', "klantprofiel.schema has no 'Emial', did you mean 'Email'?", "Email"),
        ("retention = s.year(7)", "klantprofiel.schema has no 'year', did you mean 'years'?", "years"),
        ("maps_to = s.canonical.Custmers", "did you mean 'Customers'?", "CampaignContacts"),
    ],
)
def test_a_name_that_does_not_exist_is_refused(line: str, found: str, expected: str) -> None:
    refusal = refusal_of(CUSTOMERS.format(line=line))
    assert "schemas/crm.py, line 7" in refusal.found
    assert found in refusal.found
    assert expected in refusal.expected


def test_asking_whether_a_name_exists_is_no_error() -> None:
    assert not hasattr(s, "Emial")
    assert not hasattr(s.canonical, "__path__")
