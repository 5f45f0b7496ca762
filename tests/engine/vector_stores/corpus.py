"""Two hundred documents of an invented company, and a hundred questions that one of them answers.

Of each subject there are five documents that say something particular, and five that only talk of the same things in
the same words. All have sentences of their subject, and of none, around what matters. Questions are asked the way
people do who have not read the documents: they are not sentences of them.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from tests.engine.documents.samples import KINDS, document


class Fact(NamedTuple):
    title: str
    text: str
    question: str


SUBJECTS: dict[str, tuple[list[str], list[Fact]]] = {
    "travel": (
        [
            "Trips are planned together with the team lead, and the calendar is kept up to date.",
            "Whoever travels often can ask the office for a folder with all papers.",
            "Costs of a trip are collected in one report and belong to one project.",
            "Flights, trains and hotels are booked with the travel desk or its web page.",
            "A traveller who falls ill calls the insurance first and the office second.",
            "Receipts are scanned on the day they are printed, as the ink does not last.",
        ],
        [
            Fact("Rail journeys", "Employees ride second class on trains. First class is paid from four hours on the train, one way.", "From what length of train ride do I get a first class ticket?"),
            Fact("Meals on the road", "Abroad, 38 euros a day are given for food without any receipts; breakfast in the hotel lowers that by seven.", "How much money for food do I get per day in a foreign country?"),
            Fact("Use of private cars", "For one's own vehicle 30 cents a kilometre are reimbursed, and 5 more for each colleague who rides along.", "What is paid for each kilometre if I drive my own car?"),
            Fact("Visas", "Applications for a visa go to Mrs Lindqvist six weeks before departure; she keeps passports in the safe.", "Who handles visa applications?"),
            Fact("Cancelled flights", "When an airline cancels, book the next connection at once. Compensation that the airline pays belongs to the traveller.", "May I keep the compensation from an airline after a cancelled flight?"),
        ],
    ),
    "leave": (
        [
            "Absences are entered in the calendar by those who are absent.",
            "Teams agree on who stays in summer, so that somebody is always there.",
            "The personnel department answers questions on days off.",
            "Managers approve requests within a week.",
            "Days off that were approved are not withdrawn without a good reason.",
            "Part-time work and days off go together well if both are planned.",
        ],
        [
            Fact("Annual holidays", "Everybody has 28 days of vacation. Up to six unused ones may be carried over, until the end of March.", "How many unused vacation days can I take into the next year?"),
            Fact("Parental time", "Parents get sixteen weeks fully paid, to be taken before the child's second birthday, in up to three parts.", "How many weeks of paid leave does a new parent get?"),
            Fact("Sick notes", "A doctor's certificate is needed from the third day of illness. It is sent to personnel, never to the team.", "After how many days of being ill do I need a certificate from a doctor?"),
            Fact("Moving house", "One free day is granted for a move, once in twelve months, and two if the new home is in another town.", "Do I get a day off when I move to a new home?"),
            Fact("Sabbaticals", "After five years one may stay away for up to six months without pay; the request comes a year ahead.", "When can I apply for a sabbatical?"),
        ],
    ),
    "security": (
        [
            "Security is everybody's task and nobody's hobby.",
            "Accounts are personal, and sharing one is not allowed.",
            "Updates are installed when they are offered.",
            "Screens are locked when one leaves the desk.",
            "Data of customers is not kept on private devices.",
            "Suspicious mail is forwarded to the security team with its headers.",
        ],
        [
            Fact("Passwords", "Passwords have fourteen characters at least and are not changed regularly, only after an incident.", "What is the minimum length for a password?"),
            Fact("Lost laptops", "A stolen or lost laptop is reported to extension 4455 within the hour, so that it can be wiped from afar.", "Which number do I call when my laptop was stolen?"),
            Fact("Visitors", "Guests wear a yellow badge and are accompanied everywhere except in the canteen.", "What colour is the badge for guests?"),
            Fact("Disk encryption", "All disks are encrypted. Recovery keys are printed and kept in the vault in Bergen.", "Where are the recovery keys for encrypted disks kept?"),
            Fact("Two-factor login", "The second factor is a hardware token. Codes by text message were switched off in 2023.", "Can I still use text messages as the second factor?"),
        ],
    ),
    "billing": (
        [
            "Invoices are sent by mail as PDF and, on demand, as a structured file.",
            "Prices are without tax unless something else is said.",
            "Questions on an invoice are answered by the accounts team.",
            "Credit notes refer to the invoice that they correct.",
            "Customers find their invoices in the portal, too.",
            "The number of the order is on every invoice.",
        ],
        [
            Fact("Terms of payment", "Invoices are due in thirty days. Who pays within eight may deduct two percent.", "What discount is there for paying early?"),
            Fact("Dunning", "Two reminders are free. The third costs twelve euros, and after it the account is suspended.", "What does the third reminder cost?"),
            Fact("Refunds", "Money is given back the way it came, within ten working days after the return was accepted.", "How long does it take until I get my money back for a return?"),
            Fact("Currencies", "We charge in euros, Norwegian kroner and Swiss francs; the rate is that of the first day of the month.", "In which currencies can customers be charged?"),
            Fact("Yearly plans", "Who pays for a year gets two months for nothing. A plan can be upgraded at any time, and downgraded at its end.", "How many months are free with a yearly plan?"),
        ],
    ),
    "support": (
        [
            "Tickets are answered in the order of their priority.",
            "A ticket has one owner, who may change.",
            "Customers can reopen a ticket within two weeks.",
            "The knowledge base is updated when a ticket was closed.",
            "Support speaks English, German and Norwegian.",
            "What could not be solved on the phone becomes a ticket.",
        ],
        [
            Fact("Opening hours", "The hotline is staffed from seven to nineteen on working days; at weekends only customers with the gold contract reach somebody.", "Who can call the hotline on a Saturday?"),
            Fact("Response times", "Critical tickets get an answer in half an hour, high ones in four hours, all others by the next working day.", "How fast is the response to a critical ticket?"),
            Fact("Escalation", "A ticket that has waited for two days is escalated to the shift leader, and after four to the head of support.", "To whom is a ticket escalated after four days?"),
            Fact("Remote sessions", "Supporters look at a customer's screen only with consent given in writing, and sessions are recorded for ninety days.", "How long are recordings of remote sessions stored?"),
            Fact("Surveys", "Every tenth closed ticket is followed by a questionnaire of three questions; the goal is a grade of 4.5.", "Which satisfaction grade does support want to reach in its questionnaire?"),
        ],
    ),
    "warehouse": (
        [
            "Goods are received on the north side and shipped on the south side.",
            "Shelves are labelled with letters and numbers.",
            "Pallets are not stacked higher than the marks.",
            "The stock is counted in the system with every movement.",
            "Forklifts are driven by those who have a licence.",
            "Damaged goods are put aside and photographed.",
        ],
        [
            Fact("Inventory", "All of the stock is counted on the last Friday of January; on that day nothing is shipped.", "On which day is the whole stock counted?"),
            Fact("Forklift battery", "Batteries are charged overnight in hall C. A charge lasts for nine hours of driving.", "Where are the forklifts charged?"),
            Fact("Cold storage", "The cold room is kept at four degrees. An alarm goes to the guard when it is above seven for ten minutes.", "At which temperature does the alarm of the cold room go off?"),
            Fact("Hazardous goods", "Lithium cells and solvents are stored in the red container outside, never more than 200 kilograms.", "Where do solvents and lithium cells have to be stored?"),
            Fact("Returns desk", "Returned parcels are checked in two days. What is complete goes back to the shelf, the rest to the outlet in Drammen.", "What happens to returned goods that are not complete?"),
        ],
    ),
    "products": (
        [
            "The manual is in the box and on the web page.",
            "Parts and accessories are sold by dealers.",
            "The device is meant for use inside of buildings.",
            "Colours may differ slightly from those in pictures.",
            "The serial number is on the bottom of the device.",
            "Clean the surface with a soft, dry cloth.",
        ],
        [
            Fact("Kettle K2 manual", "The K2 boils 1.7 litres in five minutes. Descale it with citric acid every two months.", "How often do I have to descale the kettle?"),
            Fact("Lamp Nordlys guide", "Hold the ring for eight seconds to reset the lamp; it then blinks blue and can be paired again.", "How can I reset the Nordlys lamp?"),
            Fact("Speaker Fjord manual", "The Fjord speaker plays for 22 hours with a full battery and withstands rain, but no bath.", "How many hours does the battery of the speaker last?"),
            Fact("Heater Varm guide", "The Varm heater switches off by itself when it falls over, and after twelve hours in any case.", "Does the heater turn itself off if it tips over?"),
            Fact("Scale Vekt manual", "The Vekt scale measures up to 180 kilograms in steps of 50 grams and remembers eight persons.", "What is the maximum weight for the scale?"),
        ],
    ),
    "warranty": (
        [
            "Keep the receipt: it is the proof of purchase.",
            "Wear and tear is not a defect.",
            "Dealers help with claims.",
            "Repairs are made with original parts.",
            "A claim is opened on the web page with the serial number.",
            "What was opened by others is not covered any more.",
        ],
        [
            Fact("Length of the guarantee", "Household devices have a warranty of three years, batteries of one, and lamps of five.", "For how many years are lamps under warranty?"),
            Fact("Repair or replacement", "A defect device is repaired once. If it fails again for the same reason, it is exchanged for a new one.", "When is a broken device exchanged instead of repaired?"),
            Fact("Transport of defective devices", "We pay for sending in a device; the label is printed from the portal. Parcels above 30 kilograms are picked up.", "Who pays the postage when I send in a defective device?"),
            Fact("Second owners", "The warranty goes along with the device: whoever has the receipt can claim, also when it was bought used.", "Does the warranty hold for a device that I bought second-hand?"),
            Fact("Devices on loan", "While a repair takes more than ten days, the customer may borrow a similar device for a deposit of 40 euros.", "Can I borrow a replacement while mine is being repaired?"),
        ],
    ),
    "development": (
        [
            "Changes are small and have a description that says why.",
            "Code is read by another person before it is merged.",
            "Tests run on every push.",
            "Names are in English.",
            "Warnings are treated like errors.",
            "Documentation is part of a change.",
        ],
        [
            Fact("Release process", "Releases leave on Tuesdays. The branch is cut on the Thursday before, and after that only fixes go in.", "On which weekday do we release?"),
            Fact("Code review", "A review is due within one working day; changes above 400 lines are split, or read by two persons.", "How many reviewers does a very large change need?"),
            Fact("Feature flags", "New functions are behind a flag for two releases. Flags older than half a year are removed by the robot.", "When are old feature flags removed?"),
            Fact("Dependencies", "New libraries need the consent of the architecture group, which meets on Wednesdays, and a licence like MIT or Apache.", "Who has to agree to adding a new library?"),
            Fact("Database migrations", "Migrations must be able to run while the old version still serves; columns are dropped one release later.", "When may a column be dropped from the database?"),
        ],
    ),
    "operations": (
        [
            "Servers are described in code and never changed by hand.",
            "Logs have one format everywhere.",
            "Alarms have a text that says what to do.",
            "Every service has an owner and a page in the wiki.",
            "The dashboard shows the four usual numbers of each service.",
            "Maintenance is announced two days ahead.",
        ],
        [
            Fact("Backups", "Databases are copied every six hours to Frankfurt, and kept for 35 days. A restore is practised in each quarter.", "How often do we practise to restore a backup?"),
            Fact("On-call duty", "The pager changes on Mondays at ten. A week on call is paid with 300 euros and one day off.", "What do I get for a week on call?"),
            Fact("Incidents", "Whoever finds an incident opens a channel and becomes its commander until somebody takes over. A report follows in five days.", "Who is the commander of an incident?"),
            Fact("Certificates", "TLS certificates renew themselves thirty days before they end; the monitoring warns at fourteen.", "When does the monitoring warn about a TLS certificate?"),
            Fact("Capacity", "A cluster is enlarged when its processors are busy for 60 percent over a week, or its disks are full for 75.", "At which level of disk usage do we enlarge a cluster?"),
        ],
    ),
    "office": (
        [
            "The kitchen is used by all and cleaned by all.",
            "Meeting rooms are booked in the calendar.",
            "Plants are watered by the office team.",
            "Noise stays out of the library.",
            "Bicycles are parked in the yard.",
            "Parcels are handed out at the reception.",
        ],
        [
            Fact("Keys and doors", "The building is open from six to twenty-two. At night the alarm is switched off with the code of the month.", "Until what time is the building open in the evening?"),
            Fact("Parking", "There are nineteen parking places; they are drawn by lot every quarter. Electric cars have four of them.", "How are the parking places given to people?"),
            Fact("Dogs", "Dogs are welcome on the second floor if nobody in the room minds, and on a leash in the stairs.", "On which floor can I bring my dog?"),
            Fact("Coffee machine", "The machine is cleaned with two tablets on Friday afternoon by the team on the kitchen list.", "Who cleans the coffee machine?"),
            Fact("Fire drill", "In case of fire, leave by the stairs and meet at the flagpole. Drills take place in May and November.", "Where do we meet in case of a fire?"),
        ],
    ),
    "hiring": (
        [
            "Openings are published on our page first.",
            "Every application is answered.",
            "Interviews are held by two persons.",
            "Notes on applicants are deleted after half a year.",
            "Colleagues may apply for every opening.",
            "The first day begins with breakfast.",
        ],
        [
            Fact("Referral bonus", "Who recommends somebody that we hire gets 1500 euros when the probation is over.", "What bonus do I get for recommending a friend who is hired?"),
            Fact("Probation", "The first four months are a trial, in which either side may leave with two weeks' notice.", "How long is the trial period for new employees?"),
            Fact("Work samples", "Developers are given a task for two hours at home, and it is paid with a voucher of 80 euros.", "Are applicants paid for the task they do at home?"),
            Fact("Interns", "Students stay for three to six months and earn 1400 euros a month; each has a mentor.", "How much does an intern earn?"),
            Fact("Salaries", "Salaries are reviewed each April along a table of eight levels, which everybody can see in the wiki.", "In which month are salaries reviewed?"),
        ],
    ),
    "training": (
        [
            "Learning is part of the work.",
            "Courses are found in the catalogue.",
            "Who was at a course tells the others of it.",
            "Books may be ordered without asking.",
            "Talks are recorded for those who could not come.",
            "Mentors meet their mentees every second week.",
        ],
        [
            Fact("Budget for courses", "Each person may spend 1200 euros and five days a year on courses and conferences.", "How large is the yearly budget for courses?"),
            Fact("Language lessons", "Norwegian lessons take place on Mondays and Thursdays at eight, in small groups, during working time.", "On which days are there Norwegian lessons?"),
            Fact("First aid", "Twelve colleagues are trained as first aiders; the course is repeated every two years with the Red Cross.", "How often do first aiders have to repeat their course?"),
            Fact("Speaking at conferences", "Whoever gives a talk outside has the travel paid and gets a day for preparing the slides.", "Do I get time to prepare a talk for a conference?"),
            Fact("Certificates of study", "Exams for certificates are paid once. A second attempt is paid by oneself, and refunded when it is passed.", "Who pays if I have to take an exam a second time?"),
        ],
    ),
    "privacy": (
        [
            "We ask for no more data than we need.",
            "Data is deleted when its purpose is gone.",
            "The privacy officer is Mr Okafor.",
            "Processors have signed a contract with us.",
            "Pictures of persons are published only with their consent.",
            "Questions of customers on their data are answered in writing.",
        ],
        [
            Fact("Requests for information", "Who wants to know what we have stored gets an answer in three weeks, after the identity was checked by video.", "How do we check the identity of a person who asks for their data?"),
            Fact("Retention of logs", "Addresses in web logs are cut after seven days, and the logs themselves deleted after ninety.", "When are addresses in web logs shortened?"),
            Fact("Cameras", "Cameras watch the entrances only. Their films are overwritten after 72 hours and seen by the guard alone.", "How long is the film of the cameras kept?"),
            Fact("Data breaches", "A leak of personal data is reported to the authority within three days, and to those concerned if the risk is high.", "Within what time must a leak of personal data be reported?"),
            Fact("Newsletter", "Addresses for the newsletter are confirmed by a link, and deleted at once when somebody unsubscribes.", "What happens to my address after I unsubscribe from the newsletter?"),
        ],
    ),
    "energy": (
        [
            "Meters are read by radio.",
            "The roof is inspected in spring.",
            "Heating begins in October.",
            "Lights in corridors go off by themselves.",
            "Windows are opened wide and briefly.",
            "The annual report has a chapter on energy.",
        ],
        [
            Fact("Solar panels", "The panels on the roof make 64 kilowatts at most and cover a third of what the office uses.", "What share of our electricity comes from the solar panels?"),
            Fact("Heat pump", "The heat pump is serviced by Nilsen & Co every autumn; its filter is changed by the caretaker each month.", "Which company services the heat pump?"),
            Fact("Charging cars", "Colleagues charge their electric cars for 25 cents a kilowatt hour, guests for nothing.", "What do colleagues pay for charging an electric car?"),
            Fact("Waste", "Paper, glass and batteries are sorted in the cellar. The container for glass is emptied in even weeks.", "When is the glass container emptied?"),
            Fact("Carbon report", "We emitted 412 tonnes of carbon dioxide in 2023, nine percent less than the year before.", "How many tonnes of CO2 or carbon dioxide did the company emit in 2023?"),
        ],
    ),
    "contracts": (
        [
            "Contracts are signed by two persons.",
            "Originals are kept by the legal department.",
            "Drafts are sent as documents that can be edited.",
            "Suppliers accept our conditions.",
            "Deadlines of contracts are in the register.",
            "Translations are for information only.",
        ],
        [
            Fact("Signing limits", "Team leads sign up to 5 000 euros, heads of departments up to 50 000, and all above goes to the board.", "Up to which amount can a team lead sign?"),
            Fact("Confidentiality", "Agreements on secrecy hold for five years after the end of the cooperation.", "How long does a confidentiality agreement hold after the cooperation has ended?"),
            Fact("Termination by customers", "Customers may terminate with a notice of one month to the end of a quarter, by mail or in the portal.", "What notice must a customer give to terminate the contract?"),
            Fact("Liability", "Our liability is limited to what the customer paid in twelve months, except for intent.", "What is the limit of our liability?"),
            Fact("Choosing suppliers", "From 10 000 euros on, three offers are compared, and the reasons for the choice are written down.", "From which amount do we need three offers?"),
        ],
    ),
    "events": (
        [
            "Events are announced in the newsletter.",
            "The office team helps with rooms and food.",
            "Guests are greeted at the entrance.",
            "Pictures are shared in the album.",
            "Who comes by bicycle gets a ticket for a drink.",
            "Speakers send their slides a day before.",
        ],
        [
            Fact("Summer party", "The party takes place on the second Saturday of June by the lake; families are invited.", "When is the summer party?"),
            Fact("Hackathon", "Once a year teams build for 48 hours what they like. The winners present it to the board and get a trip to Tromsø.", "What do the winners of the hackathon get?"),
            Fact("Trade fair", "At the fair in Hanover we have stand 12 in hall 7. Who works there sleeps at the hotel Leine.", "In which hotel do we stay during the fair in Hanover?"),
            Fact("Customer days", "A hundred customers come to Bergen for two days in September. A place costs 190 euros.", "How much does a customer pay to take part in the customer days?"),
            Fact("Running club", "The club meets on Wednesdays at half past five at the bridge. Shirts are sponsored.", "Where does the running club meet?"),
        ],
    ),
    "api": (
        [
            "All requests and answers are JSON.",
            "Times are in UTC.",
            "The sandbox has its own keys.",
            "Examples are in four languages.",
            "Breaking changes get a new version.",
            "Errors have a code and a text.",
        ],
        [
            Fact("Rate limits", "A key may make 600 requests a minute; above that the answer is 429 with a header Retry-After.", "How many requests per minute are allowed?"),
            Fact("Webhooks", "Webhooks are signed with HMAC-SHA256 in the header X-Signature and repeated for two days.", "How are webhooks signed?"),
            Fact("Pagination", "Lists have 50 entries. The field next_cursor leads to the following page and is null on the last.", "Which field leads to the next page of a list?"),
            Fact("Authentication", "Send the key as a bearer token. Keys can be restricted to addresses and expire after a year without use.", "When does an API key expire?"),
            Fact("Idempotent requests", "With the header Idempotency-Key a POST can be repeated for 24 hours and is done only once.", "How do I repeat a POST safely without doing it twice?"),
        ],
    ),
    "health": (
        [
            "Desks can be raised and lowered.",
            "Breaks are taken away from the screen.",
            "The doctor of the company comes every month.",
            "Accidents are written into the book.",
            "Stress is talked about early.",
            "Fruit is delivered on Mondays.",
        ],
        [
            Fact("Glasses for work", "Glasses for the screen are paid up to 250 euros every three years, with a prescription.", "Does the company pay for glasses?"),
            Fact("Vaccination", "Flu shots are offered in October in the meeting room Olympus, without an appointment.", "Where can I get a flu shot?"),
            Fact("Gym", "The company pays half of the fee of a gym, 30 euros a month at most.", "How much of the gym fee is paid?"),
            Fact("Counselling", "Three talks with a psychologist a year are free and anonymous; the number is on the back of the badge.", "Where do I find the number for talking to a psychologist?"),
            Fact("Back to work after illness", "Who was ill for more than six weeks may come back step by step, beginning with two hours a day.", "How can I return to work after a long illness?"),
        ],
    ),
    "recipes": (
        [
            "The canteen cooks for eighty people.",
            "Leftovers are given away at three.",
            "Allergens are marked with letters.",
            "Vegetables come from the region.",
            "The menu of the week is on the door.",
            "Wishes are put into the box.",
        ],
        [
            Fact("Fish soup", "Simmer cod and salmon in stock with leek and carrots for twelve minutes, then add cream and dill; do not boil it any more.", "How long does the fish for the soup cook?"),
            Fact("Waffles", "For thirty waffles take a dozen eggs, a litre of buttermilk and cardamom. The batter rests for an hour.", "Which spice belongs into the waffles?"),
            Fact("Rye bread", "The sourdough is fed in the evening. The loaf is baked for 70 minutes at 190 degrees and cut the next day.", "At what temperature is the rye bread baked?"),
            Fact("Vegan burgers", "Black beans, oats and beetroot are mashed, formed and fried. They hold together better after a night in the cold.", "What are the vegan burgers made of?"),
            Fact("Blueberry cake", "Fold frozen blueberries into the dough at the end and bake it for 45 minutes; a crust of almonds goes on top.", "How long does the blueberry cake have to be in the oven?"),
        ],
    ),
}  # fmt: skip
AROUND = [
    "This page is kept by the team that is named in the register and is looked through once a year.",
    "Suggestions for this page are welcome; please write to the team and say what is unclear.",
    "An earlier version of this page can be found in the archive.",
    "The rules on this page hold for all locations unless a local page says something else.",
    "Whoever is in doubt asks a colleague before deciding alone.",
    "Exceptions are possible, and are written down with their reasons.",
    "The words on this page are used as the glossary explains them.",
    "Numbers on this page are looked at again every January.",
]


class Corpus(NamedTuple):
    files: dict[str, bytes]
    questions: list[tuple[str, str]]
    """What is asked, and the name of the file that says it."""


def corpus() -> Corpus:
    chance, kinds = random.Random(2026), [*KINDS] * 30
    files: dict[str, bytes] = {}
    questions: list[tuple[str, str]] = []
    for subject, (sentences, facts) in SUBJECTS.items():
        for fact in facts:
            around = [" ".join(chance.sample(sentences, 2)), " ".join(chance.sample(AROUND, 2))]
            paragraphs = [around[0], fact.text, around[1]]
            name, data = document(kinds.pop(), fact.title, paragraphs)
            files[name] = data
            questions.append((fact.question, name))
        for number in range(1, 6):
            other = chance.choice([one for one in SUBJECTS if one != subject])
            paragraphs = [
                " ".join(chance.sample(sentences, 5)),
                " ".join(chance.sample(AROUND, 3)),
                " ".join(chance.sample(SUBJECTS[other][0], 2)),
            ]
            name, data = document(kinds.pop(), f"Notes on {subject} {number}", paragraphs)
            files[name] = data
    return Corpus(files, questions)
