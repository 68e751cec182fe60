"""The same three people as survey tools and spreadsheets export them; built here, to the byte as those products write.

Nobody answers more than seven questions, and the last one answers none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import openpyxl

from tabular import bytes_of

ASKED = (
    "What do you want to get out of it?",
    "What is the longest it may take, from the first day to the last?",
    "How many hours a week can you give at most?",
    "Must it be paid?",
    "In which country would you work?",
    "How old are you?",
)
KEYS = ("goals", "weeks", "hours_per_week", "pay", "region", "age")
# The label of the second goal holds a comma.
GOALS = (("Try out roles or industries", "Fits beside study, work or family"), ("Steady earnings",), ())
OTHERS = (
    ("6 weeks", "10", "Yes, it must be paid", "Elsewhere in the European Union", "20"),
    ("2.5", "12", "No, I can do it unpaid", "United Kingdom (rules of England)", "31"),
    ("", "", "", "", ""),
)
ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "goals": ["explore", "balance"],
        "weeks": "6 weeks",
        "hours_per_week": 10,
        "pay": "required",
        "region": "eu",
        "age": 20,
    },
    {"goals": ["income"], "weeks": 2.5, "hours_per_week": 12, "pay": "not_needed", "region": "uk", "age": 31},
    {},
)
NAMES = ("Jörg Müller", "Zoë Smith", "N. N.")
MAILS = ("joerg@example.org", "zoe@example.org", "")


def text(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\r\n", quote_all: bool = False) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=1 if quote_all else 0).writerows(rows)
    return stream.getvalue()


def google(joined: str) -> bytes:
    """Responses of a form: a time, the address if it is collected, then the questions; every cell in quotes."""
    stamps = ("2026/11/21 10:12:13 AM GMT+1", "2026/11/21 11:02:45 PM GMT+1", "2026/11/22 9:00:00 AM GMT+1")
    rows = [["Timestamp", "Username", *ASKED]]
    rows += [[stamps[n], MAILS[n], joined.join(GOALS[n]), *OTHERS[n]] for n in range(3)]
    return text(rows, end="\n", quote_all=True).encode()


QUALTRICS = {
    "StartDate": ("Start Date", "startDate", "2026-11-21 10:12:13"),
    "EndDate": ("End Date", "endDate", "2026-11-21 10:15:13"),
    "Status": ("Response Type", "status", "IP Address"),
    "IPAddress": ("IP Address", "ipAddress", "192.0.2.7"),
    "Progress": ("Progress", "progress", "100"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration", "180"),
    "Finished": ("Finished", "finished", "True"),
    "RecordedDate": ("Recorded Date", "recordedDate", "2026-11-21 10:15:14"),
    "ResponseId": ("Response ID", "_recordId", ""),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName", ""),
    "RecipientEmail": ("Recipient Email", "recipientEmail", ""),
    "LocationLatitude": ("Location Latitude", "locationLatitude", "52.5"),
    "LocationLongitude": ("Location Longitude", "locationLongitude", "13.4"),
    "DistributionChannel": ("Distribution Channel", "distributionChannel", "anonymous"),
    "UserLanguage": ("User Language", "userLanguage", "EN"),
}


def qualtrics() -> list[list[str]]:
    """Three rows above the data: names, texts, and where each column comes from; choices end in Selected Choice."""
    chosen = (0, 3, 4)
    texts = [f"{each} - Selected Choice" if index in chosen else each for index, each in enumerate(ASKED)]
    imports = [f'{{"ImportId":"{each}"}}' for _, each, _ in QUALTRICS.values()]
    imports[0] = '{"ImportId":"startDate","timeZone":"America/Denver"}'
    rows = [
        [*QUALTRICS, *(f"Q{number}" for number in range(1, 7)), "Q4_4_TEXT"],
        [*(each for each, _, _ in QUALTRICS.values()), *texts, "Must it be paid? - Other - Text"],
        [*imports, *(f'{{"ImportId":"QID{number}"}}' for number in range(1, 7)), '{"ImportId":"QID4_4_TEXT"}'],
    ]
    for n in range(3):
        own = [f"R_{n}" if name == "ResponseId" else value for name, (_, _, value) in QUALTRICS.items()]
        rows.append([*own, ",".join(GOALS[n]), *OTHERS[n], "a line\nand another"])
    return rows


def microsoft() -> bytes:
    """A workbook: who and when, then the questions, whose texts may end in a hard space; goals end in a semicolon."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    sheet.append(["ID", "Start time", "Completion time", "Email", "Name", *(f"{each}\u00a0" for each in ASKED)])
    for n in range(3):
        goals = "".join(f"{each};" for each in GOALS[n])
        start, end = datetime(2026, 11, 21, 10, 12, 13), datetime(2026, 11, 21, 10, 15, 13)
        cells = [float(each) if each.replace(".", "").isdigit() else each or None for each in OTHERS[n]]
        sheet.append([n + 1, start, end, "anonymous", NAMES[n], goals or None, *cells])
    return bytes_of(book)


def surveymonkey() -> bytes:
    """Two rows above the data; goals have a column each, which holds the label of a goal that was chosen."""
    labels = ("Steady earnings", "Try out roles or industries", "Fits beside study, work or family")
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name"]
    rows = [
        [*own, ASKED[0], *[""] * (len(labels) - 1), *ASKED[1:]],
        [*[""] * len(own), *labels, "Open-Ended Response", "Open-Ended Response", *["Response"] * 3],
    ]
    for n in range(3):
        person = [f"11{n}", "400", "11/21/2026 10:12:13 AM", "11/21/2026 10:15:13 AM", "192.0.2.7", MAILS[n], NAMES[n]]
        rows.append([*person, *(label if label in GOALS[n] else "" for label in labels), *OTHERS[n]])
    return text(rows, end="\n").encode("utf-8-sig")


def sheet(delimiter: str = ",", comma: bool = False, end: str = "\r\n", top: str = "") -> str:
    """What a spreadsheet saves as text, with keys as headers."""
    rows = [["id", "Name", *KEYS]]
    for n in range(3):
        others = [each.replace(".", ",") if comma else each for each in OTHERS[n]]
        rows.append([str(n + 1), NAMES[n], ";".join(GOALS[n]), *others])
    return top + text(rows, delimiter, end)


RESPONSES = ("R_0", "R_1", "R_2")
BY_ORDER = (None, None, None)
NUMBERED = (1, 2, 3)
WRITTEN = ("1", "2", "3")

# For each export the ending of its name, its bytes, the column to carry through, and the ids.
Export = tuple[str, Callable[[], bytes], str | None, tuple[object, ...]]
EXPORTS: dict[str, Export] = {
    "Google Forms": ("csv", lambda: google(";"), "Username", ("joerg@example.org", "zoe@example.org", None)),
    "Google Sheets": ("csv", lambda: google(", "), None, BY_ORDER),
    "Qualtrics CSV": (
        "csv",
        lambda: text(qualtrics(), end="\n").encode("utf-8-sig"),
        "ResponseId",
        ("R_0", "R_1", "R_2"),
    ),
    "Qualtrics TSV": (
        "tsv",
        lambda: text(qualtrics(), "\t", "\n").encode("utf-16"),
        "ResponseId",
        ("R_0", "R_1", "R_2"),
    ),
    "Microsoft Forms": ("xlsx", microsoft, None, NUMBERED),
    "SurveyMonkey": ("csv", surveymonkey, "Respondent ID", ("110", "111", "112")),
    "Excel, CSV UTF-8": ("csv", lambda: sheet().encode("utf-8-sig"), None, WRITTEN),
    "Excel, Unicode text": ("txt", lambda: sheet("\t").encode("utf-16"), None, WRITTEN),
    "Excel, CSV in Europe": ("csv", lambda: sheet(";", comma=True).encode("windows-1252"), None, WRITTEN),
    "Excel, CSV with sep": ("csv", lambda: sheet("|", top="sep=|\r\n").encode(), None, WRITTEN),
    "Excel, CSV with sep=;": ("csv", lambda: sheet(";", top="sep=;\r\n").encode("utf-8-sig"), "Name", NAMES),
    "Excel, CSV (Macintosh)": ("csv", lambda: sheet(";", end="\r").encode(), None, WRITTEN),
    "Excel in Europe, by name": ("csv", lambda: sheet(";", comma=True).encode("windows-1252"), "Name", NAMES),
}
