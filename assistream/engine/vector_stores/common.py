"""The commonest words of some languages: they are in every text, and say little of what a question is about.

Without those that are other words in English, like the German "war".
"""

from __future__ import annotations

from .words import words

_ENGLISH = """
a about after all am an and any are as at be because been before being but by can could did do does doing for from had
has have having he her here him his how i if in into is it its just me more most my no not now of on only or other our
out over please she should so some such than that the their them then there these they this those to too under up us
very was we were what when where which while who whom whose why will with would you your tell show find explain
"""
_OTHERS = """
der das den dem des ein eine einen einem einer und oder aber nicht ist sind wird werden wie was wer wo wann
warum von zu zum zur mit auf aus bei nach für im ich du er sie es wir ihr kann haben auch als
le la les un une des du de et ou mais ne pas est sont que qui quoi comment quand pourquoi dans sur avec par au aux
je tu il elle nous vous ils ce cette ces se
el los las una unos y o pero no es qué quién cómo cuándo dónde por para con en del al lo su sus como más
il lo gli i e ma non è sono che chi come quando perché per con in nel della delle dei di da
os um uma ou mas não são quem quando onde porque em no na dos das ao
het een en of maar niet is zijn wat wie hoe waar wanneer waarom te met op uit bij naar voor ik je hij wij
"""

COMMON = frozenset(words(_ENGLISH + _OTHERS))
