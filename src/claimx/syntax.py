"""Grammatical relations, whatever the label set.

The only file that knows dependency labels: those of Universal Dependencies, which the bundled pipeline speaks, and the
CLEAR labels of spaCy's own English models (`dobj`, `nsubjpass`, `agent`, `pobj`). Every function takes tokens of a
parsed doc and gives tokens or (first, last) token indices, the last one excluded, in text order.
"""

from collections.abc import Iterator

from spacy.tokens import Token

SUBJECT = frozenset({"nsubj", "nsubj:outer", "csubj", "csubj:outer", "expl"})
PASSIVE_SUBJECT = frozenset({"nsubj:pass", "nsubjpass", "csubj:pass", "csubjpass"})
OBJECT = frozenset({"obj", "dobj", "iobj", "dative"})
OBLIQUE = frozenset({"obl", "nmod", "obl:agent", "obl:arg", "obl:unmarked", "nmod:unmarked", "obl:npmod", "obl:tmod"})
NOUN_MODIFIER = frozenset(
    {"compound", "amod", "nummod", "flat", "flat:name", "flat:foreign", "fixed", "nmod:desc", "nmod:npmod", "quantmod",
     "goeswith", "list", "compound:prt", "nn"}
)  # fmt: skip
MODIFIER = NOUN_MODIFIER | {"nmod"}
POSSESSIVE = frozenset({"nmod:poss", "poss"})
DETERMINER = frozenset({"det", "predet", "det:predet", "cc:preconj", "preconj"})
RELATIVE = frozenset({"acl:relcl", "relcl"})
NOUN_CLAUSE = RELATIVE | {"acl"}  # "troops fighting", "troops that fight"
PLAIN_ADVERBIAL = frozenset({"advcl"})
ADVERBIAL = PLAIN_ADVERBIAL | {"advcl:relcl"}
OPEN_COMPLEMENT = frozenset({"xcomp"})
REDUCED = frozenset({"acl", "xcomp"})
PARTICIPLE = REDUCED | {"advcl"}  # where a clause without a subject of its own stands
LOOSE_CLAUSE = PARTICIPLE | {"conj", "ROOT", "dep"}  # the same where the parse may have gone wrong
CONTENT = frozenset({"ccomp", "xcomp"})
COMPLEMENT = CONTENT | {"pcomp"}
CLAUSAL = COMPLEMENT | {"csubj"}
SAID = frozenset({"ccomp", "parataxis"})  # clauses that somebody says, or that stand for themselves
PLAIN_SUBJECT = frozenset({"nsubj", "nsubj:pass", "nsubjpass"})
PASSIVE_NOMINAL = frozenset({"nsubj:pass", "nsubjpass"})
STANDING = SAID | PLAIN_SUBJECT | {"csubj"}  # the links above which another event begins
DIRECT_OBJECT = frozenset({"obj", "dobj"})
ADJUNCT = frozenset({"nmod", "pobj"})
PREPOSITIONAL = frozenset({"obl", "pobj"})
PHRASE = ADJUNCT | PREPOSITIONAL
NOUN_LINK = ADJUNCT | {"conj", "prep"}
# Where a word stands below a verb that says something of it, and how far up cues of status reach.
GOVERNED = CLAUSAL | DIRECT_OBJECT | PASSIVE_NOMINAL | PHRASE | {"prep", "acl", "advcl"}
UPWARD = GOVERNED | RELATIVE | PLAIN_SUBJECT | {"conj", "parataxis"}
TO_CLAUSE = PARTICIPLE | {"pcomp", "obl"}  # "committed *to attacking*"
NOMINAL = PLAIN_SUBJECT | DIRECT_OBJECT | {"obl:agent", "pobj"}  # places that only a noun takes
TOLD = CLAUSAL | PASSIVE_NOMINAL | {"acl"}  # where a word of belief or doubt says something of a clause
JOINED = frozenset({"conj", "advcl", "acl", "obl"})  # how one verb of harm hangs on another
ATTRIBUTE = frozenset({"amod", "compound"})
LOADED = frozenset({"acl", "amod", "advcl"})  # "a truck *packed* with explosives"
SPECIFIER = POSSESSIVE | {"det"}
NEGATED_BY = frozenset({"det", "neg"})  # how "no" hangs on a noun
ADJECTIVE = frozenset({"amod"})
APPOSITION = frozenset({"appos"})
CONJUNCT = frozenset({"conj"})
PREPOSITION = frozenset({"prep"})
MARK = frozenset({"mark"})
COPULA = frozenset({"cop"})
ATTRIBUTIVE = frozenset({"attr"})  # CLEAR: the noun after a copula
EXPLETIVE = frozenset({"expl"})
PREDICATE = frozenset({"xcomp", "acomp", "attr"})
# Where a predicate stands whose subject is an argument of the word above: "left five *dead*".
SECONDARY = PREDICATE | {"oprd", "ccomp", "advcl", "conj", "acl", "advmod"}
CLAUSE_WORD = frozenset({"advmod", "mark"})  # "when", "after"
HELPER = frozenset({"mark", "aux"})  # "to", "before"
# A name that follows another without a preposition, as parsers see it: "Kandahar, *Afghanistan*".
LOOSE_NAME = frozenset(
    {"appos", "conj", "list", "nmod:unmarked", "npadvmod", "dep", "vocative", "parataxis", "flat", "obl:unmarked"}
)
# Where the word stands that a noun's number may be hung on.
NUMBERING = NOUN_MODIFIER | {"det", "nmod", "advmod", "obl"}
PASSIVE_AUX = frozenset({"aux:pass", "auxpass"})
# After these the object of the verb above does what the gerund says: "accused them of bombing".
OBJECT_CONTROL = frozenset({"of", "from", "for", "into", "with"})
BE = frozenset({"is", "are", "was", "were", "been", "being", "be", "'s", "’s"})
VERB_TAGS = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})
NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS"})
NAME_TAGS = frozenset({"NNP", "NNPS"})
TENSED_TAGS = frozenset({"VBD", "VBZ", "VBP", "MD"})
# Pronouns that ask or relate, and so name no doer.
BARE_INFINITIVE = frozenset({"make", "let", "help", "see", "hear", "watch", "have", "go", "come", "be", "do", "dare"})
QUESTIONS = frozenset({"who", "which", "that", "what", "whom", "whoever", "this"})
PRONOUN_TAGS = frozenset({"PRP", "WP", "WDT", "PRP$", "WP$", "DT"})
NEGATORS = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor", "without", "nobody", "none", "nothing"})


def is_verb(token: Token) -> bool:
    """Whether the token is a verb by its tag, or by its own subject where the tag was missed ("the strike hit")."""
    if token.tag_ in VERB_TAGS:
        return token.dep_ not in ATTRIBUTE or any(c.dep_ in PASSIVE_AUX | PASSIVE_SUBJECT for c in token.children)
    return (
        token.tag_ in NOUN_TAGS
        and any(
            (child.dep_ in PLAIN_SUBJECT and child.i < token.i) or (child.dep_ in DIRECT_OBJECT and child.i > token.i)
            for child in token.children
        )
        and not any(child.dep_ in {"cop", "det"} for child in token.children)
    )


def is_noun(token: Token) -> bool:
    return token.tag_ in NOUN_TAGS


def children(token: Token, deps: frozenset[str]) -> list[Token]:
    return [
        child
        for child in token.children
        if child.dep_ in deps and not (child.dep_ == "dative" and is_preposition(child))
    ]


def is_preposition(token: Token) -> bool:
    """Whether the token is a preposition above its noun, as in CLEAR, where "to" can be `dative` or `conj`."""
    return token.dep_ in {"prep", "agent"} or (token.dep_ in {"dative", "conj"} and token.tag_ in {"IN", "TO"})


def conjuncts(token: Token) -> list[Token]:
    """The token and everything coordinated with it: flat (UD) or chained (CLEAR)."""
    found, waiting = [], [token]
    while waiting:  # no recursion: a list of names may be as long as the text
        found.append(waiting.pop())
        waiting.extend(reversed([child for child in found[-1].children if child.dep_ == "conj"]))
    return found


def first_conjunct(token: Token) -> Token:
    while token.dep_ == "conj" and token.head.i != token.i:
        token = token.head
    return token


def is_passive(verb: Token) -> bool:
    """Whether the participle is passive, by its auxiliary, its conjunct's, or as a modifier ("troops killed in")."""
    if verb.tag_ not in {"VBN", "VBD"}:
        return False
    if any(child.dep_ in PASSIVE_AUX for child in verb.children):
        return True
    if children(verb, PASSIVE_SUBJECT):  # a subject that the parser took for a passive one has an object beside it
        return not direct_objects(verb)
    if any(child.dep_ in {"aux", "cop"} and child.lower_ in BE for child in verb.children):
        return True  # a participle after "be", whatever the parser called it
    if any(child.dep_ == "aux" for child in verb.children) or children(verb, SUBJECT):
        return False
    if verb.dep_ == "acl":
        active = children(verb, OBJECT) or bare_numbers(verb)  # "a bomb killed 13" read as "a bomb that was killed"
        return not active and (verb.tag_ == "VBN" or bool(by_phrases(verb)))
    if verb.dep_ == "conj" and is_passive(verb.head):
        return not children(verb, OBJECT)
    return verb.tag_ == "VBN" and verb.dep_ in {"advcl", "xcomp", "ccomp", "ROOT"} and not children(verb, OBJECT)


def by_phrases(token: Token) -> list[Token]:
    """Heads of the by-phrases below a verb or an event noun."""
    return [noun for word, noun in prepositional(token) if word == "by"]


def far_by_phrase(verb: Token) -> list[Token]:
    """The by-phrase that the parser hung on a word between: "was suppressed in the night *by the police*"."""
    for token in verb.doc[verb.i + 1 : min(verb.right_edge.i + 1, verb.i + 20)]:
        if token.i != verb.i and is_verb(token):
            return []
        if token.lower_ == "by" and token.dep_ in {"case", "prep", "agent"}:
            noun = token.head if token.dep_ == "case" else next((n for _, n in clear_phrase(token, "by")), None)
            return conjuncts(noun) if noun is not None and is_noun(noun) else []
    return []


def adjacent_phrase(noun: Token) -> tuple[str, Token] | None:
    """The phrase right behind the noun, wherever the parser hung it: "the attack *on the consulate*"."""
    doc = noun.doc
    if noun.i + 1 >= len(doc) or doc[noun.i + 1].tag_ != "IN":
        return None
    for token in doc[noun.i + 2 : noun.i + 7]:
        if is_noun(token) and (token.i + 1 == len(doc) or not is_noun(doc[token.i + 1])):
            return doc[noun.i + 1].lower_, token
        if token.is_punct or is_verb(token):
            break
    return None


def prepositional(token: Token) -> list[tuple[str, Token]]:
    """(preposition in lower case, head noun) of each prepositional phrase below the token, coordinated nouns apart."""
    found: list[tuple[str, Token]] = []
    for child in token.children:
        if child.dep_ in OBLIQUE:
            words = [c for c in child.children if c.dep_ in {"case", "mark"}]
            if words:
                word = " ".join(c.lower_ for c in words)
                found.extend((word, noun) for noun in conjuncts(child))
        elif is_preposition(child) and child.dep_ != "conj":
            found.extend(clear_phrase(child, child.lower_))
    return found


def clear_phrase(prep: Token, word: str) -> Iterator[tuple[str, Token]]:
    """CLEAR hangs the noun below the preposition, and a second preposition below the first ("out of")."""
    for child in prep.children:
        if child.dep_ == "pobj":
            for noun in conjuncts(child):
                yield word, noun
        elif child.dep_ in {"prep", "conj"} and child.tag_ in {"IN", "TO"}:
            yield from clear_phrase(child, f"{word} {child.lower_}" if child.dep_ == "prep" else child.lower_)


def preposition(noun: Token) -> str:
    """The preposition that governs the noun, in lower case; "" where there is none."""
    noun = first_conjunct(noun)
    if noun.dep_ == "pobj":
        word, prep = noun.head.lower_, noun.head
        while prep.dep_ == "prep" and is_preposition(prep.head):
            prep = prep.head
            word = f"{prep.lower_} {word}"
        return word
    return " ".join(child.lower_ for child in noun.children if child.dep_ == "case" and child.tag_ != "POS")


def governor(noun: Token) -> Token:
    """The word that the noun's phrase hangs on, past coordination and preposition."""
    noun = first_conjunct(noun)
    head = noun.head
    while noun.dep_ == "pobj" and is_preposition(head) and head.head.i != head.i:
        head = head.head
    return head


def bare_nominals(token: Token) -> list[Token]:
    """Oblique nominals without a preposition: "on the way *Monday*", "six *times*"."""
    deps = OBLIQUE | {"npadvmod", "nmod:tmod"}
    return [c for c in token.children if c.dep_ in deps and not any(g.dep_ == "case" for g in c.children)]


def own_subjects(verb: Token) -> list[Token]:
    """Active subjects that hang on the verb itself.

    In "there was no attack" it is the attack; a predicate has those of its copula.
    """
    if verb.dep_ in {"acomp", "attr"}:  # CLEAR makes the copula the head
        return [noun for noun in own_subjects(verb.head) if noun.i != verb.i]
    found = [child for child in verb.children if child.dep_ in SUBJECT]
    if any(child.dep_ == "expl" for child in found):  # CLEAR makes the noun an attribute
        found = [child for child in found if child.dep_ != "expl"] or children(verb, frozenset({"attr"}))
    before = [child for child in found if child.i < verb.i]
    found = before[-1:] or found  # of two that a slip gave it, the nearer
    return [noun for child in found for noun in conjuncts(child)]


def own_passive_subjects(verb: Token) -> list[Token]:
    return [noun for child in verb.children if child.dep_ in PASSIVE_SUBJECT for noun in conjuncts(child)]


def antecedent(pronoun: Token) -> Token:
    """The noun a relative pronoun stands for, else the token itself."""
    if pronoun.lower_ in {"who", "which", "that", "whom"}:
        clause = governor(pronoun)
        while clause.dep_ in {"conj", "xcomp", "ccomp"} and clause.head.i != clause.i:
            clause = clause.head
        if clause.dep_ in RELATIVE:
            return clause.head
    return pronoun


def stray_subjects(verb: Token) -> list[Token]:
    """A bare noun right before a finite verb without subject, taken for a part of the verb ("bomber rams")."""
    if verb.tag_ not in {"VBD", "VBZ", "VBP"} or verb.dep_ in NOUN_CLAUSE:
        return []
    return [
        c
        for c in verb.lefts
        if is_noun(c) and c.dep_ in {"compound", "dep", "nmod", "obl:unmarked"} and not preposition(c)
    ][-1:]


def logical_subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Who the clause is about: its own subject, or that of the clause that controls it.

    Covers coordination ("attacked and killed"), infinitives and participles ("announced targeting", "sought to kill",
    "using drones"), relative clauses and participles after a noun ("rockets fired", "militants fighting").
    """
    found = own_subjects(verb) or own_passive_subjects(verb) or stray_subjects(verb)
    if found:
        return antecedents(found)
    if depth > 4 or verb.head.i == verb.i:
        return []
    head, dep = verb.head, verb.dep_
    if dep in {"conj", "parataxis"}:
        return logical_subjects(head, depth + 1) if is_verb(head) else []
    if dep in NOUN_CLAUSE:
        if not is_noun(head) and head.tag_ not in PRONOUN_TAGS and head.tag_ != "CD":
            return []
        if dep == "acl" and verb.tag_ == "VB" and any(c.lower_ == "to" for c in verb.children):
            controllers = aim_holders(head, depth)
            if controllers:
                return controllers
        return conjuncts(first_conjunct(head) if dep == "acl" else head)
    words = {c.lower_ for c in verb.children if c.dep_ == "mark"}
    if dep == "pcomp":  # CLEAR: "accused of bombing"
        while head.dep_ in {"prep", "pcomp"} and head.head.i != head.i:
            words.add(head.lower_)
            head = head.head
        if not is_verb(head):
            return []
    if dep in {"xcomp", "oprd", "advcl", "pcomp", "ccomp"} and (dep != "ccomp" or verb.tag_ == "VBG"):
        if dep in {"xcomp", "oprd"} or words & OBJECT_CONTROL:
            # "forced them to leave", "accused them of bombing": the object of the upper verb does it
            upper = [noun for child in children(head, OBJECT) for noun in conjuncts(child)]
            if upper:
                return upper
        return logical_subjects(head, depth + 1)
    if dep in {"acomp", "attr"}:
        return [noun for noun in logical_subjects(head, depth + 1) if noun.i != verb.i]
    return []


def aim_holders(noun: Token, depth: int) -> list[Token]:
    """Who is to do what a noun aims at: "*the army's* mission to destroy", "*they* began a campaign to take"."""
    owners = possessors(noun)
    if owners:
        return owners
    above = noun.head
    return logical_subjects(above, depth + 1) if is_verb(above) and noun.dep_ in OBJECT else []


def agents(verb: Token) -> list[Token]:
    """Who does what the verb says: the subject, or the by-phrase of a passive."""
    if is_passive(verb):
        return by_phrases(verb)
    return logical_subjects(verb)


def patients(verb: Token) -> list[Token]:
    """Who undergoes what the verb says: the object, or the subject of a passive."""
    if is_passive(verb):
        return logical_subjects(verb)
    found = [noun for child in children(verb, OBJECT) for noun in conjuncts(child)]
    if not found:  # "shot dead the man": the object hung on the predicate
        predicates = [
            child for child in verb.rights if child.dep_ in {"xcomp", "acomp", "oprd", "advmod"} and child.tag_ == "JJ"
        ]
        found = [noun for child in predicates for inner in children(child, OBJECT) for noun in conjuncts(inner)]
    if not found and verb.lemma_.lower() not in BARE_INFINITIVE:  # "strike consulate", the noun tagged as a verb
        found = [
            c for c in verb.rights if c.dep_ == "xcomp" and c.tag_ == "VB" and not any(g.tag_ == "TO" for g in c.lefts)
        ]
    if not found and verb.dep_ in RELATIVE:  # "the town that the army shelled", "the town the army shelled"
        subjects = own_subjects(verb)
        if subjects and not any(s.lower_ in {"who", "which", "that"} for s in subjects):
            return conjuncts(verb.head)
    return antecedents(found or shared_objects(verb) or bare_numbers(verb))


def antecedents(found: list[Token]) -> list[Token]:
    """Relative pronouns replaced by the nouns they stand for."""
    return [
        noun
        for token in found
        for noun in ([token] if antecedent(token).i == token.i else conjuncts(antecedent(token)))
    ]


def bare_numbers(verb: Token) -> list[Token]:
    """Numbers behind a verb without an object, which the parser took for adverbials ("shot down *21* of 24 drones")."""
    return [child for child in bare_nominals(verb) if child.i > verb.i and child.tag_ == "CD"][:1]


def shared_objects(verb: Token) -> list[Token]:
    """The object behind two coordinated verbs ("abducted and killed a judge").

    UD hangs it on the first, CLEAR and many a parser on the last.
    """
    if verb.dep_ == "conj":
        found = [child for child in children(verb.head, OBJECT) if child.i > verb.i]
    else:
        after = [
            child for child in verb.rights if child.dep_ == "conj" and child.i == verb.i + 2 and not own_subjects(child)
        ]
        found = [child for other in after for child in children(other, OBJECT)]
    return [noun for child in found for noun in conjuncts(child)]


def is_negated(token: Token) -> bool:
    """Whether a negator hangs on the token itself ("did not attack", "no attack"); "not only" negates nothing."""
    deps = {"neg", "advmod", "det", "cc", "cc:preconj", "preconj", "mark", "case"}
    return any(
        child.dep_ in deps and (child.dep_ == "neg" or child.lower_ in NEGATORS) and not is_adding(child)
        for child in token.children
    )


def is_adding(negator: Token) -> bool:
    """Whether a "not" goes with "only", "just" or "merely"."""
    return negator.i + 1 < len(negator.doc) and negator.nbor().lower_ in {"only", "just", "merely", "simply"}


def auxiliaries(verb: Token) -> list[Token]:
    deps = {"aux", *PASSIVE_AUX}
    found = [child for child in verb.children if child.dep_ in deps]
    if not found and verb.dep_ == "conj":
        first = first_conjunct(verb)
        found = [child for child in first.children if child.dep_ in deps] if is_verb(first) else []
    return found


def particle(verb: Token) -> str:
    """The particle of a phrasal verb ("shot *down*"), in lower case, or ""."""
    return next((c.lower_ for c in verb.children if c.dep_ in {"compound:prt", "prt"}), "")


def possessors(noun: Token) -> list[Token]:
    return [token for child in children(noun, POSSESSIVE) for token in conjuncts(child)]


def modifiers(noun: Token) -> list[Token]:
    """Words inside the noun's own phrase, before it: adjectives, compounds, numbers."""
    return [child for child in noun.lefts if child.dep_ in MODIFIER]


def appositives(noun: Token) -> list[Token]:
    return [token for child in noun.children if child.dep_ == "appos" for token in conjuncts(child)]


def governors(token: Token) -> Iterator[Token]:
    """The chain of heads above a token, nearest first; prepositions govern nothing."""
    while token.head.i != token.i:
        token = token.head
        if not is_preposition(token):
            yield token


def phrase(noun: Token) -> tuple[int, int]:
    """The shortest full noun phrase around a head: its modifiers and names, without determiner, possessive pronoun,
    relative clause, apposition, coordination or prepositional phrase.
    """
    first, last = noun.i, noun.i
    for child in noun.children:
        if child.dep_ in NOUN_MODIFIER or (child.dep_ == "nmod" and child.i < noun.i):
            left, right = inner(child)
            first, last = min(first, left), max(last, right)
        elif child.dep_ in POSSESSIVE and child.tag_ not in {"PRP$", "WP$"}:
            first = min(first, inner(child)[0])
    doc = noun.doc
    while first < noun.i and (doc[first].dep_ in DETERMINER or doc[first].tag_ in {"DT", "PRP$", "PDT"}):
        first += 1
    return first, last + 1


def number_ends(noun: Token) -> list[int]:
    """The last token index of each number before the noun: "at least *three* buildings"."""
    return [
        child.right_edge.i for child in noun.children if child.dep_ in {"nummod", "nummod:gov"} and child.i < noun.i
    ]


def inner(token: Token) -> tuple[int, int]:
    """First and last index of a modifier with all that hangs on it, commas at the rim left out."""
    first, last = token.left_edge.i, token.right_edge.i
    doc = token.doc
    while first < token.i and doc[first].is_punct and not doc[first].is_quote:
        first += 1
    while last > token.i and doc[last].is_punct:
        last -= 1
    return first, last


FINITE_TAGS = frozenset({"VBD", "VBZ", "VBP", "VBN", "MD"})


def complements(verb: Token, *, finite: bool, nonfinite: bool) -> list[Token]:
    """Clauses that are the verb's content: finite ones ("said that he left", also speech loosely joined after the verb)
    and infinitives and participles ("claims to have left", "announced leaving").
    """
    found = []
    for child in verb.children:
        marks = {c.lower_ for c in child.lefts if c.dep_ == "mark"}
        helped = any(c.dep_ in {"aux", "cop", *PASSIVE_AUX} and c.tag_ != "VBG" for c in child.lefts)
        bare = any(c.lower_ == "to" and c.tag_ == "TO" for c in child.lefts) or (child.tag_ == "VBG" and not helped)
        loose = (child.dep_ == "advcl" and "that" in marks) or (child.dep_ == "parataxis" and child.i > verb.i)
        if child.dep_ == "ccomp" or loose:
            wanted = nonfinite if bare else finite
        elif child.dep_ == "xcomp":
            wanted = nonfinite and bare and (is_verb(child) or bool(children(child, frozenset({"cop"}))))
        else:
            behind = child.dep_ == "advcl" and child.i > verb.i
            late = child.tag_ == "VB" and bare and not direct_objects(verb)  # "vowed last month to leave"
            wanted = nonfinite and behind and (late or (child.tag_ == "VBG" and child.i == past_aside(verb)))
        if wanted:
            found.append(child)
    return found


def past_aside(verb: Token) -> int:
    """Index of the token after a verb, past an aside between commas ("announced, late on Monday, *leaving*")."""
    doc = verb.doc
    if verb.i + 1 < len(doc) and doc[verb.i + 1].text == ",":
        return next((t.i + 1 for t in doc[verb.i + 2 : verb.i + 9] if t.text == ","), verb.i + 1)
    return verb.i + 1


def loose_complements(verb: Token, window: int = 60) -> list[Token]:
    """Phrases after a verb that hold another verb and are no adjuncts: its clause, whatever the parser took it for."""
    found = []
    for child in verb.rights:
        if child.i == verb.i + 1 and child.lower_ == "to":
            continue
        if child.dep_ in OBJECT | NOUN_MODIFIER | {"ccomp", "dep", "acl", "acl:relcl", "relcl", "parataxis"}:
            first = child.left_edge.i
            if any(t.tag_ in FINITE_TAGS for t in verb.doc[first : min(child.right_edge.i + 1, first + window)]):
                found.append(child)
    return found


def interrupted(verb: Token) -> Token | None:
    """The head of the clause that "he said" is put into or behind, where the saying hangs below what is said."""
    return verb.head if verb.dep_ in {"parataxis", "discourse"} and verb.head.i != verb.i else None


def noun_complements(noun: Token) -> list[Token]:
    """Clauses that tell the content of a noun: "reports that X fled", "a threat to flee", "claims by X that Y fled"."""
    authors = [other for word, other in prepositional(noun) if word in {"by", "from"}]
    found = []
    for head in [noun, *authors]:
        for child in head.rights:
            marks = {c.lower_ for c in child.lefts if c.dep_ in {"mark", "aux"} or c.tag_ == "TO"}
            clause = child.dep_ in {"acl", "xcomp", "acl:relcl", "relcl"}
            wanted = {"that", "of"} if head in authors else {"that", "of", "to"}
            if (child.dep_ == "ccomp" and head is noun) or (clause and marks & wanted):
                found.append(child)
    return found


def direct_objects(verb: Token) -> list[Token]:
    found = [child for child in verb.children if child.dep_ in DIRECT_OBJECT]
    return found or [child for child in verb.rights if child.dep_ == "xcomp" and is_noun(child)][:1]


def predicates(verb: Token, after: Token) -> list[Token]:
    """What a verb says of its object: "called the raid *an act* of piracy", "described it *as piracy*"."""
    deps = COMPLEMENT | {"oprd", "attr", "acomp", "obj", "dobj"}
    as_phrases = {noun for word, noun in prepositional(verb) if word == "as"}
    return [c for c in verb.rights if c.i > after.i and (c.dep_ in deps or c in as_phrases or c.lower_ == "as")]


def relative_head(verb: Token) -> Token | None:
    """The noun that a relative clause is about ("the raid *for which* they claimed responsibility")."""
    return verb.head if verb.dep_ in RELATIVE else None


def is_main(verb: Token) -> bool:
    return verb.dep_ == "ROOT"


def modifies(noun: Token) -> bool:
    """Whether a noun only modifies another ("*ministry* spokesman", "*Mariam* Okoye")."""
    return noun.dep_ in NOUN_MODIFIER or noun.dep_ in POSSESSIVE


def has_passive_auxiliary(verb: Token) -> bool:
    return any(child.dep_ in PASSIVE_AUX for child in verb.children)


def is_hypothetical(verb: Token) -> bool:
    """Whether a verb only names an action that nobody is said to have done: "to say", "could say", "say!"."""
    if verb.tag_ != "VB":
        return False
    helpers = [*auxiliaries(verb), *(c for c in verb.lefts if c.tag_ == "TO")]
    if not helpers and own_subjects(verb):
        return False
    return not any(c.lower_ in {"do", "does", "did", "will", "'ll", "’ll"} for c in helpers)


def is_tensed(token: Token) -> bool:
    """Whether the token is a modal or a verb in a tense."""
    return token.tag_ in TENSED_TAGS


def is_finite(verb: Token) -> bool:
    return verb.tag_ in {"VBD", "VBZ", "VBP"} or (verb.tag_ == "VBN" and bool(auxiliaries(verb)))


def apposed_to(noun: Token) -> Token:
    """The noun that an apposition explains ("*the group*, a party of four, said"), else the noun itself."""
    return noun.head if noun.dep_ == "appos" and noun.head.i < noun.i and is_noun(noun.head) else noun
