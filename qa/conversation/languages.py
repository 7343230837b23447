"""Other languages than English, told by script or by a few of their commonest words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from qa.followup.words import FUNCTION

__all__ = ["LANGUAGES", "language_of"]

# Common words that are neither English nor part of names. "Van", "de" and "los" are in _NAMES.
_WORDS = {
    "German": """wer wann warum wieso welche welcher welches viele wurde wurden haben ist sind nicht
        ein eine einen einem für mit auf dem sie ich wir kann können gibt hat und oder über nach
        gestorben sprechen deutsch wofür woher wohin""",
    "French": """qui que quoi où quand comment pourquoi combien quel quelle quels quelles est sont
        été avec dans cette ils elle elles nous vous mortes français une ont l'on qu'est
        c'est y-a-t-il""",
    "Spanish": """quién quiénes qué cuándo cuando dónde donde cómo cuál cuáles cuántos cuántas
        cuantos cuantas está están fue fueron quien murieron pasó español ganó por""",
    "Italian": """chi quando dov'è perché perche quanti quante quanto quale quali è sono stato
        stata hanno nella della gli italiano successo avvenuto morte vinto""",
    "Portuguese": """quem quando onde quantos quantas qual quais está foram uma não você
        português porque ganhou morreram aconteceu""",
    "Dutch": """wie wanneer waar hoe hoeveel waarom welke zijn heeft werd niet het een voor naar dat
        bij nederlands gewonnen er gebeurde""",
    "Polish": """kto kiedy gdzie jak ile dlaczego który która jest są się nie czy przez wygrał osób
        polsku""",
}
_NAMES = frozenset(
    """de la le les des du au el los las del di da do dos van der den von il lo al das um et y e o
    ha as os em na no z w i et en das são sur cosa""".split()
)
_GREETINGS = {
    "German": "guten tag morgen abend servus danke bitte schön vielen dank grüß gott tschüss",
    "French": "bonjour bonsoir salut merci beaucoup au revoir coucou",
    "Spanish": "hola buenos buenas días dias tardes noches gracias muchas adiós adios",
    "Italian": "ciao buongiorno buonasera grazie mille arrivederci salve",
    "Portuguese": "olá ola bom dia boa tarde noite obrigado obrigada oi",
    "Dutch": "hallo goedemorgen goedemiddag goedenavond goedendag dank je wel dag bedankt",
    "Polish": "cześć dzień dobry dziękuję witam dzieki dzięki",
}
_PROFILES = {name: frozenset(words.split()) for name, words in _WORDS.items()}
_HELLOS = {name: frozenset(words.split()) for name, words in _GREETINGS.items()}
_ENGLISH = FUNCTION | frozenset("the a an this that these those".split())

# By the first word of a letter's Unicode name, the rarest first: Japanese also writes CJK.
_SCRIPTS = {
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CJK": "Chinese",
    "CYRILLIC": "Russian",
    "GREEK": "Greek",
    "ARABIC": "Arabic",
    "HEBREW": "Hebrew",
    "DEVANAGARI": "Hindi",
    "THAI": "Thai",
}
_UKRAINIAN = frozenset("іїєґ")

# What a request may name: "in French", "do you speak Danish?".
LANGUAGES = frozenset(
    f"""{" ".join(_PROFILES)} {" ".join(_SCRIPTS.values())} ukrainian turkish danish swedish
    norwegian finnish czech hungarian romanian bengali urdu farsi persian vietnamese indonesian
    mandarin cantonese catalan latin""".casefold().split()
)

_READ = 400
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def language_of(message: str) -> str:
    """Tell which other language a message is written in.

    Args:
        message: Any text; its beginning is read.

    Returns:
        The name of the language, "another language" where only the script is foreign, or an empty
        string for English and for what is too short to tell.

    >>> language_of("Wer hat gewonnen?"), language_of("Кто выиграл?")
    ('German', 'Russian')
    >>> language_of("Who is Carlos de la Cruz?")
    ''
    """
    words = _WORD.findall(message[:_READ].casefold().replace("’", "'"))
    english = sum(word in _ENGLISH for word in words)
    return _by_script(message[:_READ], english) or _by_words(message[:_READ], words, english)


def _by_script(text: str, english: int) -> str:
    letters = [letter for letter in text if letter.isalpha()]
    found = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in letters)
    foreign = found.total() - found["LATIN"]
    if english or foreign <= found["LATIN"]:
        return ""
    if _UKRAINIAN & set(text.casefold()):
        return "Ukrainian"
    return next((name for script, name in _SCRIPTS.items() if found[script]), "another language")


def _by_words(text: str, words: list[str], english: int) -> str:
    hello = (name for name, known in _HELLOS.items() if words and set(words) <= known)
    # A question mark counts like a word, and so do letters that English has not.
    marks = any("à" <= letter <= "ż" for letter in text.casefold()) + ("¿" in text or "?" in text)
    scores = {
        name: sum(word in known for word in words)
        + (sum(word in _NAMES for word in words) + marks) / 2
        for name, known in _PROFILES.items()
        if known & set(words)
    }
    best = max(scores, key=lambda name: scores[name], default="")
    sure = bool(best) and scores[best] >= 1.5 and scores[best] > english
    return next(hello, best if sure else "")
