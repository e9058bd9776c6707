"""How the elements usually stand in the invented group, and the reasons that its countries give for differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessment.questionnaire.companions import ElementUse

SETTING, LAW, CHOICE = ElementUse.SETTING, ElementUse.LAW, ElementUse.CHOICE


@dataclass(frozen=True, slots=True)
class Usual:
    """The share of countries that say each thing of an element; the rest of them have it the same."""

    setting: float = 0.2
    law: float = 0.0
    choice: float = 0.2
    unused: float = 0.0

    @property
    def same(self) -> float:
        return 1 - self.setting - self.law - self.choice - self.unused


_COMMON = Usual(setting=0.25, choice=0.04, unused=0.05)
#: A common core, and a part that the law of some countries demands.
_SPLIT = Usual(setting=0.2, law=0.35, choice=0.1)
_LOCAL = Usual(setting=0.0, law=1.0, choice=0.0)
_CONTESTED = Usual(setting=0.15, choice=0.45, unused=0.08)
_NOBODYS = Usual(setting=0.0, choice=0.0, unused=1.0)

USUAL: Mapping[str, Usual] = {
    "term-customer": _CONTESTED, "term-product": _COMMON, "term-site": _COMMON, "term-revenue": _SPLIT,
    "term-headcount": _LOCAL, "identifier-customer": _CONTESTED, "identifier-product": _COMMON,
    "identifier-supplier": _CONTESTED, "identifier-legal-entity": _SPLIT, "identifier-location": _NOBODYS,
    "rule-retention": _LOCAL, "rule-sensitivity": _COMMON, "rule-access-approval": _SPLIT, "rule-transfer-abroad": _SPLIT,
    "rule-quality-limit": _COMMON, "rule-naming": _CONTESTED, "component-sign-on": _COMMON, "component-catalogue": _CONTESTED,
    "component-templates": _COMMON, "component-monitoring": _SPLIT, "component-storage-region": _SPLIT,
    "role-data-owner": _COMMON, "role-product-owner": _CONTESTED, "role-enabler": _COMMON,
    "role-protection-contact": _SPLIT, "role-platform-owner": _COMMON,
}  # fmt: skip

#: By element and use; those of '' are given beside an element's own.
REASONS: Mapping[str, Mapping[ElementUse, tuple[str, ...]]] = {
    "": {
        SETTING: (
            "One field is set differently here, and nothing else.",
            "The list of values is ours; how it is used is the same.",
            "Our language and our currency are set; the rest is common.",
        ),
        LAW: ("Our law names it otherwise.", "The regulator asks for a form of its own."),
        CHOICE: (
            "It was so before the group had one, and nobody has asked for a change.",
            "Our older systems can't take the common one before they are replaced.",
            "We find ours clearer, and have not yet talked about it with the others.",
        ),
    },
    "term-customer": {
        SETTING: ("Dealers count here as well; a switch in the report leaves them out.",),
        CHOICE: (
            "We sell through dealers, and whoever pays is our customer.",
            "Whoever had a contract in the last three years counts, because service visits go on.",
            "Sales counts who ordered and finance who paid; we have not chosen yet.",
        ),
    },
    "term-product": {
        SETTING: ("Packs for our market are counted at their own size.",),
        CHOICE: ("Bundles count as one product here since the last price list.",),
    },
    "term-site": {
        SETTING: ("Sites without permanent staff are flagged.",),
        CHOICE: ("Shops in one street share a number, as they share a manager.",),
    },
    "term-revenue": {
        SETTING: ("Returns are booked in the month of the sale.",),
        LAW: (
            "Our accounting law counts revenue on delivery, not on the invoice.",
            "Discounts must be shown apart by the local commercial code.",
        ),
        CHOICE: ("Our board has always read revenue before discounts.",),
    },
    "term-headcount": {
        LAW: (
            "The labour code says who is employed, apprentices included.",
            "Agency staff count from the first day by law.",
            "People on parental leave must be counted here.",
        ),
    },
    "identifier-customer": {
        SETTING: ("The number has a country prefix in front.",),
        CHOICE: (
            "The sales system came with a company that we bought, and kept its numbers.",
            "Two number ranges run side by side until the contact centre moves.",
            "We match by tax number, which the group's list doesn't hold.",
        ),
    },
    "identifier-product": {
        SETTING: ("Local packs take a range of their own.",),
        CHOICE: ("Spare parts keep their maker's numbers.",),
    },
    "identifier-supplier": {
        SETTING: ("The tax number is added as a second key.",),
        CHOICE: (
            "Purchasing creates suppliers itself, within a day; the group's list takes a week.",
            "Small suppliers share one number here.",
            "We use the numbers of our bank's register.",
        ),
    },
    "identifier-legal-entity": {
        SETTING: ("The register's number stands beside the group's code.",),
        LAW: (
            "The company register demands its own number on each document.",
            "The tax office accepts no other code in filings.",
        ),
    },
    "rule-retention": {
        LAW: (
            "Tax records are kept ten years by law, counted from the year's end.",
            "Labour law has pay records deleted after five years.",
            "The privacy act sets three years after the last contact.",
        ),
    },
    "rule-sensitivity": {
        SETTING: ("Union membership is a class of its own.",),
        CHOICE: ("We keep four classes instead of five; nobody used the middle one.",),
    },
    "rule-access-approval": {
        SETTING: ("Two working days instead of five.",),
        LAW: (
            "The works council has a say on data about staff by law.",
            "An authority must be told before health data is opened.",
        ),
    },
    "rule-transfer-abroad": {
        SETTING: ("One approver more for data about children.",),
        LAW: (
            "Data about persons leaves the country only under approved contract terms.",
            "Payment data must stay inside the country.",
            "A security review by the authority comes first.",
        ),
        CHOICE: ("Our lawyers ask for a signature for each transfer, to be safe.",),
    },
    "rule-quality-limit": {SETTING: ("Closing data may be two hours later here.",)},
    "rule-naming": {
        SETTING: ("Names are in English, descriptions in our language.",),
        CHOICE: (
            "Reports to the authorities fix our field names.",
            "The older warehouse cuts names at 30 letters.",
            "Our teams use local words, which the shop floor knows.",
        ),
    },
    "component-sign-on": {
        SETTING: ("A second factor is asked for each day.",),
        CHOICE: ("The joint venture keeps its own directory.",),
    },
    "component-catalogue": {
        SETTING: ("Entries are translated.",),
        CHOICE: (
            "We had a list before the group did, with three times as many entries.",
            "Our analysts look things up in the reporting tool and want to stay there.",
            "The common one has no place for our reports to the regulator.",
        ),
    },
    "component-templates": {SETTING: ("Our source systems need another connector.",)},
    "component-monitoring": {
        SETTING: ("Alerts go out from seven to seven.",),
        LAW: (
            "Records of what employees open may be kept for seven days only.",
            "The works agreement forbids names in records of use.",
        ),
    },
    "component-storage-region": {
        SETTING: ("Copies are kept in the neighbouring region.",),
        LAW: (
            "Data about persons has to be stored in the country.",
            "The bank supervisor wants backups inside the country.",
        ),
        CHOICE: ("Reading from abroad was too slow for the shops.",),
    },
    "role-data-owner": {SETTING: ("The head of a function is owner by office.",)},
    "role-product-owner": {
        SETTING: ("One person holds the role for two domains.",),
        CHOICE: (
            "The data owner does it as well: we are too small for two.",
            "Project leaders do it until the project ends.",
            "IT names the product owner here.",
        ),
    },
    "role-enabler": {
        SETTING: ("Two neighbouring countries share one.", "Comes from outside until ours is trained.")
    },
    "role-protection-contact": {
        SETTING: ("Shared with a neighbouring country.",),
        LAW: (
            "The law asks for an independent officer who reports to the board.",
            "The post must be held by somebody from outside.",
        ),
    },
    "role-platform-owner": {CHOICE: ("We pay for a platform of our own until the contract ends.",)},
}
