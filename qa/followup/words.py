"""The words that the rules of follow-ups know, and guesses from a word's form."""

from __future__ import annotations

__all__ = [
    "AUXILIARIES",
    "BODIES",
    "CLOSED",
    "DETERMINERS",
    "FUNCTION",
    "IRREGULAR",
    "PARTICLES",
    "PLACE_BEFORE",
    "PLAIN_VERBS",
    "PLURAL_PEOPLE",
    "PREPOSITIONS",
    "PRONOUNS",
    "TIMES",
    "TITLES",
    "WH",
    "WH_PEOPLE",
    "capitalised",
    "core",
    "is_person_noun",
    "is_plural",
    "split",
    "verb_like",
]

AUXILIARIES = frozenset(
    """is are was were am be been has have had do does did will would can could shall should may
    might must isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't
    won't""".split()
)
PREPOSITIONS = frozenset(
    """in on at by from to of for with without about after before since until till during near under
    over between against into onto through behind per across inside outside within beyond around
    as upon toward towards among beside below above than like""".split()
)
WH = frozenset("who whom whose what which when where why how".split())
WH_PEOPLE = frozenset("who whom whose".split())
DETERMINERS = frozenset("the a an this that these those".split())
PRONOUNS = frozenset(
    """he him his she her hers it its they them their theirs there then this that these those i you
    we us me my your our one ones himself herself itself themselves""".split()
)
_OTHER = frozenset(
    """and or but so if once because while when not no yes also too still now then ever never just
    only again already exactly precisely else first last next ago yet soon more most less least
    much many how all any some both each very there here today yesterday tomorrow up out down off
    away back together according one two three four
    five six seven eight nine ten eleven twelve""".split()
)
CLOSED = AUXILIARIES | PREPOSITIONS | WH | PRONOUNS | DETERMINERS
FUNCTION = AUXILIARIES | PREPOSITIONS | WH | PRONOUNS | _OTHER

# Past forms that no ending gives away; nearly all of them are participles too.
IRREGULAR = frozenset(
    """found led won built made held left lost met paid said sent set shot shut spent taken taught
    told thought brought bought caught cut fought given gone grown hit kept known put run seen
    shown sunk sunk stolen struck sworn torn thrown worn written begun broken chosen drawn driven
    eaten fallen flown forgotten hidden hurt laid lent sold swept understood done come become
    spoken beaten born got went came gave took saw wrote fell grew knew ran drove broke began rose
    spoke sank rang sang swam drank hid shook stole wore swore forgot rode chose threw stood sat
    slept felt dealt meant""".split()
)
PLAIN_VERBS = frozenset(
    """have get go come make take give say see know think want need cost live stay leave begin start
    end stop win lose pay buy sell build find die fall happen occur open close become keep hold run
    work play use call show try ask put mean move lead meet cause reach weigh last look plan hope
    earn own belong contain include remain return""".split()
)

TITLES = frozenset(
    """mr mrs ms miss dr sir lady lord dame captain president professor prof judge general colonel
    major sergeant inspector minister mayor governor senator chancellor king queen prince princess
    pope bishop father brother sister mother saint chief officer coach""".split()
)
BODIES = frozenset(
    """university college school institute institution hospital clinic company bank council
    committee commission ministry department court party union club league team group agency board
    line lines airlines airways railway airport station bridge harbour port dock bay lake river sea
    ocean island islands isle mount mountain valley hill forest park street road lane avenue square
    house hall castle palace tower church cathedral museum theatre cinema hotel stadium city town
    county state republic kingdom point cape coast beach festival cup marathon prize medal award
    championship games act treaty mutual holdings partners systems industries limited ltd inc corp
    plc gmbh ag foundation trust society association federation news press times post tribune
    standard herald north south east west upper lower new great international national""".split()
)
PLURAL_PEOPLE = frozenset("people children men women police staff families crew".split())
_PEOPLE = frozenset(
    """boy girl man woman child baby person son daughter wife husband mother father brother sister
    uncle aunt widow widower chief boss head captain mate pilot nurse cook king queen architect
    student trainee scientist president minister mayor governor judge police guard chairman
    chairwoman caretaker candidate favourite witness secretary guide thief hero""".split()
)
_PERSON_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "ant", "ee")
_NOT_PEOPLE = frozenset(
    """river tower water number paper letter order matter winter summer weather computer power
    cover corner centre center border quarter dinner danger theatre disaster trailer tender
    steamer tanker helicopter freighter cruiser trawler glacier container committee fee degree
    refectory motor sector factor tractor reactor floor door harbor error mirror plant restaurant
    grant van layer shelter chapter character larger smaller former older younger higher lower
    greater longer shorter other later earlier inner outer silver major minor senior junior better
    proper whether further wider deeper newer closer summer rubber leather timber weather shower
    finger shoulder sister-ship thunder theater meter litre meteor interior exterior mayor-elect
    history motor elevator pier important distant instant giant coffee guarantee degree""".split()
)
PLACE_BEFORE = frozenset("in at near into inside across outside around".split())
TIMES = frozenset(
    """january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday year month week day morning evening night
    years months weeks days hours minutes century p.m a.m noon midnight""".split()
)
PARTICLES = frozenset("de van von der den del della di la le du da dos bin ibn al el".split())


def split(text: str) -> list[str]:
    """Cut a text into words at white space, without the marks that end it.

    >>> split("Where, then, is it?")
    ['Where,', 'then,', 'is', 'it']
    """
    return text.strip().rstrip("?!. ").split()


def core(word: str) -> str:
    """Strip a word of the marks around it and of a possessive ending, in lower case.

    >>> core("(Pavan's,")
    'pavan'
    """
    bare = word.strip("\"'“”‘’,;:()[]?!.…").casefold()
    return bare[:-2] if bare.endswith(("'s", "’s")) else bare


def capitalised(word: str) -> bool:
    """Tell whether a word begins with a capital letter."""
    return word.lstrip("\"'“‘(")[:1].isupper()


def is_person_noun(word: str) -> bool:
    """Guess whether a noun names a person by what it does or is.

    >>> is_person_noun("geologist"), is_person_noun("river")
    (True, False)
    """
    known = word in _PEOPLE or word in TITLES
    return known or (len(word) > 4 and word.endswith(_PERSON_ENDINGS) and word not in _NOT_PEOPLE)


def is_plural(word: str) -> bool:
    """Guess whether a noun is plural by its ending.

    >>> is_plural("baths"), is_plural("bus")
    (True, False)
    """
    ended = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return ended or word in PLURAL_PEOPLE


def verb_like(word: str) -> bool:
    """Guess whether a word behind a noun is a verb or an adverb rather than a noun.

    >>> verb_like("reopened"), verb_like("baths")
    (True, False)
    """
    return word.endswith(("ed", "ing", "ly")) or word in IRREGULAR or word in PLAIN_VERBS
