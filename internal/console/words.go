package console

import (
	"maps"
	"net/http"
	"strings"
	"sync"

	xlang "golang.org/x/text/language"
)

// interfaceLanguages of the console; the first is the default.
var interfaceLanguages = sync.OnceValue(func() xlang.Matcher { return xlang.NewMatcher([]xlang.Tag{xlang.Dutch, xlang.English}) })

// language is the interface language that a person chose, else the one that
// the browser asks for.
func language(r *http.Request) string {
	if c, err := r.Cookie("lang"); err == nil && (c.Value == "nl" || c.Value == "en") {
		return c.Value
	}
	tags, _, err := xlang.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return "nl"
	}
	if _, i, _ := interfaceLanguages().Match(tags...); i == 1 {
		return "en"
	}
	return "nl"
}

// translate returns a word of the interface; a missing one shows its key.
func translate(lang, key string) string {
	w, ok := words[key]
	switch {
	case !ok:
		return strings.ReplaceAll(key, "_", " ")
	case lang == "en":
		return w[1]
	}
	return w[0]
}

func init() { maps.Copy(words, labels) }

// words of the interface: Dutch, English.
var words = map[string][2]string{
	"queue": {"Werkvoorraad", "Queue"}, "views": {"Overzichten", "Views"}, "tools": {"Hulpmiddelen", "Tools"}, "skip": {"Naar de inhoud", "Skip to content"},
	"tab.review": {"Te beoordelen", "To review"}, "tab.mine": {"Van mij", "Mine"}, "tab.underway": {"Onderweg", "Under way"}, "tab.waiting": {"Wachtend", "Waiting"},
	"tab.answered": {"Beantwoord", "Answered"}, "tab.ended": {"Afgesloten", "Ended"},
	"search": {"Zoek in alle zaken", "Search all cases"}, "more": {"Volgende pagina", "Next page"},
	"filter": {"Filter", "Filter"}, "filter.urgency": {"Urgentie", "Urgency"}, "filter.sentiment": {"Stemming", "Sentiment"}, "filter.only": {"Alleen", "Only"},
	"filter.channel": {"Kanaal", "Channel"}, "filter.signal": {"Signaal", "Signal"}, "filter.friction": {"Frictie", "Friction"},
	"filter.apply": {"Toon", "Show"}, "filter.none": {"Zonder filter", "Without filter"}, "filter.without": {"Zonder", "Without"},
	"only.unassigned": {"niet toegewezen", "not assigned"}, "only.proposed": {"voorgelegd", "proposed"}, "only.escalated": {"hogerop gelegd", "escalated"}, "only.snoozed": {"weggelegd", "snoozed"},
	"view.keep": {"Bewaar dit overzicht", "Keep this view"}, "view.name": {"Naam", "Name"}, "view.drop": {"Verwijder overzicht", "Remove view"},
	"fresh.show": {"toon", "show"}, "chosen": {"gekozen", "chosen"}, "choose": {"Kies de zaak van", "Choose the case of"}, "cases": {"zaken", "cases"},
	"empty.title":      {"Alles is beantwoord", "Everything is answered"},
	"empty.queue":      {"Nieuwe klachten verschijnen hier vanzelf. Even ademhalen mag.", "New complaints appear here by themselves. Take a breath."},
	"nothing.filtered": {"Niets gevonden", "Nothing found"}, "nothing.filtered.next": {"Geen zaak past bij wat je zoekt. Haal een filter weg, of kijk bij een ander overzicht.", "No case fits what you look for. Take a filter away, or look in another view."},
	"nothing.page": {"Op deze pagina past niets; kijk verder", "Nothing fits on this page; look further"},
	"first.title":  {"Welkom. Er is nog geen bericht binnen.", "Welcome. No message has come in yet."},
	"first.lead":   {"Zodra er een klacht binnenkomt, staat hier binnen een seconde een concept voor je klaar. Zo komen berichten binnen:", "As soon as a complaint comes in, a draft awaits you here within a second. This is how messages come in:"},
	"first.mail":   {"Per mail", "By mail"}, "first.mail.how": {"Stuur klantmail door naar de SMTP-poort die het programma bij het starten noemt.", "Forward customer mail to the SMTP port that the program names when it starts."},
	"first.import": {"Uit een bestand", "From a file"}, "first.hook": {"Uit een ander systeem", "From another system"}, "first.demo": {"Eerst rondkijken", "Look around first"},
	"oops":       {"Er ging iets mis aan onze kant; het staat in het logboek. Wat je typte is bewaard.", "Something went wrong on our side; it is in the log. What you typed is kept."},
	"fail.title": {"Dat lukte niet", "That did not work"}, "fail.404.title": {"Deze pagina is er niet", "This page is not here"}, "fail.403.title": {"Dat mag je niet", "You may not do that"},
	"fail.404":   {"Misschien is de zaak gewist, of klopt het adres niet. Zoek hierboven op naam of woorden uit het bericht.", "The case may be erased, or the address is wrong. Search above by name or words of the message."},
	"fail.403":   {"Vraag een collega met meer bevoegdheid, of de beheerder om een rol.", "Ask a colleague with more authority, or the administrator for a role."},
	"fail.503":   {"De opslag antwoordt even niet. Probeer het zo nog eens.", "The store does not answer just now. Try again in a moment."},
	"signed.out": {"Je bent afgemeld", "You are signed out"}, "signed.out.next": {"Wat je typte en niet verstuurde, staat er nog als je terugkomt.", "What you typed and did not send is there when you come back."},
	"signin": {"Aanmelden", "Sign in"}, "signout": {"Afmelden", "Sign out"},
	"lang": {"Taal", "Language"}, "look": {"Weergave", "Look"}, "look.system": {"systeem", "system"}, "look.light": {"licht", "light"}, "look.dark": {"donker", "dark"},
	"me": {"ik", "me"}, "new": {"nieuw", "new"}, "next": {"Volgende zaak", "Next case"}, "previous": {"Vorige zaak", "Previous case"}, "yes": {"ja", "yes"}, "no": {"nee", "no"},

	"conversation": {"Gesprek", "Conversation"}, "draft": {"Concept", "Draft"}, "signed": {"ondertekend", "signed"}, "private": {"Privébericht", "Private message"},
	"public": {"Openbaar antwoord", "Public reply"}, "reply": {"Antwoord", "Reply"}, "quoted": {"Eerdere berichten", "Earlier messages"}, "open": {"Open de pagina", "Open the page"},
	"facts": {"Wat de klant al vertelde", "What the customer already told"}, "attention": {"Kijk hier zelf naar", "Please look"},
	"customer.history": {"Eerdere zaken van deze klant", "Earlier cases of this customer"}, "customer.maybe": {"Zelfde naam op een ander kanaal", "The same name on another channel"},
	"link.same": {"zelfde persoon", "same person"}, "linked": {"gekoppeld", "linked"},
	"similar": {"Zo zijn vergelijkbare klachten beantwoord", "How similar complaints were answered"}, "similar.open": {"Open die zaak", "Open that case"},
	"promises": {"Wat dit antwoord belooft", "What this reply promises"}, "promises.made": {"Beloften", "Promises"}, "orders": {"Opdrachten", "Work orders"}, "history": {"Verloop", "History"},
	"notes": {"Notities", "Notes"}, "note": {"Notitie", "Note"}, "note.add": {"Noteer", "Add"}, "note.hint": {"Notitie voor collega's, @naam roept iemand", "Note for colleagues, @name calls somebody"},
	"mentions": {"Voor jou genoemd", "Notes that call you"}, "mentions.none": {"Niemand roept je", "Nobody calls you"}, "mentions.none.next": {"Schrijft een collega @jouw-naam in een notitie, dan staat die zaak hier.", "When a colleague writes @your-name in a note, that case is here."},
	"holder": {"werkt hieraan", "works on this"}, "proposed": {"voorgelegd", "proposed"}, "proposed.by": {"legt dit antwoord voor: een tweede paar ogen beslist.", "proposes this reply: a second pair of eyes decides."},
	"escalated.to": {"Hogerop gelegd bij:", "Escalated to:"}, "waiting.for": {"wacht op", "waits for"}, "snoozed.until": {"weggelegd tot", "snoozed until"},
	"empty.draft": {"Er is geen concept. Schrijf zelf een antwoord, of vraag hieronder om een nieuw concept.", "There is no draft. Write a reply yourself, or ask for a new draft below."},
	"follow.up":   {"Nog iets te zeggen, of recht te zetten? Schrijf een vervolg; ook dat wordt eerst goedgekeurd.", "Something to add, or to put right? Write a follow-up; it is approved first as well."},
	"stale":       {"Je bewaarde tekst begon bij een ander concept. Hieronder staat jouw tekst; bij Wijzigingen zie je het verschil.", "Your saved text began with another draft. Below is your text; Changes shows the difference."}, "stale.take": {"Neem het nieuwe concept", "Take the new draft"},
	"expired":    {"Dit concept belooft een datum die voorbij is. Vraag om een nieuw concept.", "This draft promises a date that has passed. Ask for a new draft."},
	"kept.title": {"Jouw tekst, niet verstuurd", "Your text, not sent"}, "kept.safe": {"Wat je typte is bewaard.", "What you typed is kept."},
	"saved.at": {"bewaard", "saved"}, "preview": {"Zo ziet de klant het", "As the customer sees it"}, "preview.owner": {"Reactie van", "Reply by"}, "preview.detached": {"Dit antwoord plaats je zelf op de site van het kanaal.", "You post this reply on the channel's own site."},
	"mail.to": {"Aan", "To"}, "mail.subject": {"Onderwerp", "Subject"},
	"diff": {"Wijzigingen", "Changes"}, "diff.none": {"Gelijk aan het concept van de machine.", "The same as the machine's draft."},
	"resolution": {"Oplossing", "Resolution"}, "resolution.other": {"Andere oplossing", "Another resolution"}, "resolution.same": {"laat het concept kiezen", "let the draft choose"},
	"none": {"geen", "none"}, "none.why": {"er wordt niets toegezegd", "nothing is promised"}, "free": {"kosteloos", "free"}, "cost": {"kosten", "cost"}, "due": {"Uiterlijk", "Due"}, "cost.amount": {"het bedrag van de klant", "the customer's amount"},
	"checks": {"Eerst nagaan", "Check first"}, "findings.none": {"Niets aan te merken", "Nothing to remark"}, "override": {"toch zo versturen", "send anyway"},
	"authority": {"vraagt", "takes"}, "propose.why": {"leg het voor", "propose it"},
	"approve": {"Goedkeuren", "Approve"}, "approve.next": {"Goedkeuren en volgende", "Approve and next"}, "propose": {"Voorleggen", "Propose"},
	"reject": {"Nieuw concept", "Redraft"}, "reason": {"Wat moet er anders?", "What should change?"}, "reason.short": {"Reden (mag leeg)", "Reason (optional)"}, "why": {"Waarom?", "Why?"},
	"save": {"Bewaar", "Save"}, "discard": {"Mijn wijzigingen weg", "Drop my changes"}, "write": {"Zet klaar als concept", "Make this the draft"},
	"ignore": {"Geen antwoord nodig", "No reply needed"}, "undo": {"Ongedaan maken", "Undo"}, "resume": {"Toch beantwoorden", "Reply after all"}, "close": {"Afsluiten", "Close"}, "claim": {"Ik pak dit op", "I take this"},
	"why.thanks": {"bedankje", "thanks only"}, "why.spam": {"spam", "spam"}, "why.double": {"dubbel", "double"}, "why.elsewhere": {"elders beantwoord", "answered elsewhere"},
	"snooze": {"Leg weg", "Snooze"}, "for.1h": {"1 uur", "1 hour"}, "for.4h": {"4 uur", "4 hours"}, "for.1d": {"tot morgen, deze tijd", "until tomorrow, this time"}, "for.3d": {"3 dagen", "3 days"}, "for.7d": {"een week", "a week"},
	"until.own": {"Of tot een dag en tijd naar keuze", "Or until a day and time of your own"},
	"wait":      {"Laat wachten", "Wait"}, "wait.on": {"Op wie", "For whom"}, "wait.customer": {"de klant (klok staat stil)", "the customer (clock stands still)"}, "wait.until": {"Hoe lang", "How long"},
	"assign": {"Wijs toe", "Assign"}, "assign.to": {"Aan wie", "To whom"}, "assign.me": {"Aan mij", "To me"}, "escalate": {"Leg hogerop", "Escalate"}, "escalate.to": {"Bij wie", "To whom"},
	"tags": {"Labels", "Tags"}, "tags.hint": {"Labels, met komma's", "Tags, by comma"}, "tag": {"Label", "Tag"}, "tag.add": {"Voeg label toe", "Add tag"},
	"correct": {"Verbeter duiding", "Correct triage"}, "urgency": {"Urgentie", "Urgency"}, "complaint": {"Is dit een klacht?", "Is this a complaint?"}, "friction.main": {"Vooral", "Mainly"}, "friction.also": {"Ook", "Also"},
	"link": {"Koppel", "Link"}, "link.hint": {"Adres of nummer van de andere zaak", "Address or id of the other case"}, "more.steps": {"Andere stappen", "Other steps"},
	"handover": {"Dienst overdragen", "Hand over"}, "handover.lead": {"Deze zaken staan op jouw naam. Wat aangevinkt is, gaat naar je collega, met je notitie erbij.", "These cases are yours. What is ticked goes to your colleague, with your note."},
	"handover.none": {"Niets over te dragen", "Nothing to hand over"}, "handover.none.next": {"Er staat geen open zaak op jouw naam.", "No open case is yours."}, "handover.note": {"Notitie bij elke zaak (mag leeg)", "Note on each case (optional)"}, "handover.do": {"Draag over", "Hand over"}, "handover.more": {"Er zijn er meer dan 200: draag deze over en kom terug.", "There are more than 200: hand these over and come back."},
	"approved.title": {"Goedgekeurd", "Approved"}, "sent.in": {"gaat weg over", "leaves in"}, "posted": {"Geplaatst", "Posted"}, "posted.url": {"Adres van het geplaatste antwoord", "Address of the posted reply"}, "copy": {"Kopieer de tekst", "Copy the text"},
	"assisted":        {"Op dit kanaal plaats je zelf: kopieer de tekst, open de pagina, plaats het antwoord en meld het hier.", "You post on this channel yourself: copy the text, open the page, post the reply and report it here."},
	"status.received": {"Dit bericht wordt gelezen; het concept volgt zo.", "This message is being read; the draft follows soon."}, "status.triaged": {"Het concept wordt gemaakt. Je mag ook zelf alvast schrijven.", "The draft is being made. You may write yourself as well."},
	"status.publishing": {"Het antwoord wordt nu geplaatst.", "The reply is being posted now."}, "status.closed": {"Deze zaak is afgesloten.", "This case is closed."}, "status.ignored": {"Hier is geen antwoord nodig.", "No reply is needed here."},
	"wrote":          {"schreef", "wrote"},
	"error.conflict": {"Er is iets veranderd sinds je deze zaak opende. Er is niets verstuurd.", "Something changed since you opened this case. Nothing was sent."},
	"error.findings": {"Zo kan het antwoord niet weg. Los de bevindingen op, of vink aan wat toch zo mag.", "The reply cannot leave like this. Solve the findings, or tick what may go anyway."},
	"error.checks":   {"Ga dit eerst na, en vink het aan:", "Check this first, and tick it:"}, "error.authority": {"Dit antwoord mag je voorleggen, niet goedkeuren. Het vraagt:", "You may propose this reply, not approve it. It takes:"},
	"error.signed": {"Het antwoord is nu met jouw naam ondertekend. Kijk het nog eens na en keur het goed.", "The reply is now signed with your name. Look at it once more, then approve."},

	"script.changed": {"Deze zaak is intussen veranderd.", "This case has changed meanwhile."}, "script.wrote": {"De klant schreef intussen opnieuw.", "The customer wrote again meanwhile."}, "script.show": {"Toon", "Show"},
	"script.unsaved": {"niet bewaard: staat in deze browser", "not saved: kept in this browser"}, "script.signedout": {"afgemeld: je tekst staat in deze browser", "signed out: your text is in this browser"},

	"done": {"Zojuist gedaan", "Just done"}, "did.approve": {"Goedgekeurd:", "Approved:"}, "did.approve.assisted": {"Goedgekeurd, nu zelf plaatsen:", "Approved, now post it yourself:"}, "did.propose": {"Voorgelegd:", "Proposed:"},
	"did.reject": {"Nieuw concept gevraagd:", "New draft asked:"}, "did.ignore": {"Geen antwoord nodig:", "No reply needed:"}, "did.snooze": {"Weggelegd:", "Snoozed:"}, "did.wait": {"Wacht:", "Waits:"},
	"did.escalate": {"Hogerop gelegd:", "Escalated:"}, "did.close": {"Afgesloten:", "Closed:"}, "did.assign": {"Toegewezen:", "Assigned:"}, "did.undo": {"Ongedaan gemaakt:", "Undone:"}, "did.resume": {"Weer in de werkvoorraad:", "Back in the queue:"},
	"did.bulk.ignore": {"Geen antwoord nodig:", "No reply needed:"}, "did.bulk.assign": {"Toegewezen:", "Assigned:"}, "did.bulk.tag": {"Label toegevoegd:", "Tagged:"}, "did.bulk.undone": {"Ongedaan gemaakt", "Undone"},
	"skipped": {"overgeslagen", "skipped"}, "skipped.critical": {"kritiek: eerst lezen", "critical: read first"}, "left.alone": {"intussen veranderd en zo gelaten", "changed meanwhile and left alone"},

	"keys": {"Sneltoetsen", "Keyboard shortcuts"}, "keys.queue": {"In de werkvoorraad", "In the queue"}, "keys.case": {"Bij een zaak", "On a case"}, "keys.on": {"Sneltoetsen van één letter gebruiken", "Use single-letter shortcuts"}, "close.dialog": {"Sluit", "Close"},
	"key.jk": {"volgende, vorige", "next, previous"}, "key.enter": {"openen", "open"}, "key.x": {"kiezen", "choose"}, "key.bulk": {"gekozen zaken: geen antwoord, toewijzen, label", "chosen cases: no reply, assign, tag"}, "key.fresh": {"nieuwe zaken tonen", "show new cases"},
	"key.e": {"tekst bewerken", "edit the text"}, "key.esc": {"uit het tekstvak", "leave the text"}, "key.ticks": {"vink nummer 1 tot 9", "tick number 1 to 9"}, "key.vd": {"voorbeeld, wijzigingen", "preview, changes"}, "key.neighbours": {"volgende, vorige zaak", "next, previous case"}, "key.back": {"terug naar de werkvoorraad", "back to the queue"},
}
