package console

// adminWords are the words of the pages that set the house up.
var adminWords = map[string][2]string{
	"settings": {"Koppelingen", "Integrations"}, "webhooks": {"Webhooks", "Webhooks"}, "tokens": {"Tokens", "Tokens"}, "sources": {"Bronnen", "Sources"},
	"webhooks.lead": {"Andere systemen horen wat hier gebeurt.", "Other systems hear what happens here."},
	"webhooks.none": {"Er is nog geen webhook. Maak er hieronder een.", "There is no webhook yet. Make one below."},
	"tokens.lead":   {"Programma's werken met een token. Een token keurt nooit goed.", "Programs work with a token. A token never approves."},
	"tokens.none":   {"Er is nog geen token. Maak er hieronder een.", "There is no token yet. Make one below."},
	"sources.lead":  {"Systemen die berichten aanleveren, elk met een eigen geheim.", "Systems that push messages in, each with a secret of its own."},
	"sources.none":  {"Er is nog geen bron. Maak er hieronder een.", "There is no source yet. Make one below."},
	"name":          {"Naam", "Name"}, "address": {"Adres", "Address"}, "events": {"Gebeurtenissen", "Events"}, "events.all": {"Niets aangevinkt: alle openbare.", "None ticked: all public ones."},
	"format": {"Vorm", "Format"}, "texts": {"Ook de teksten sturen", "Send the texts too"}, "special": {"Ook bijzondere signalen sturen (kwetsbaar, discriminatie)", "Send special signals too (vulnerable, discrimination)"},
	"make": {"Maken", "Make"}, "new.webhook": {"Nieuwe webhook", "New webhook"}, "new.token": {"Nieuw token", "New token"}, "new.source": {"Nieuwe bron", "New source"},
	"secret.once": {"Bewaar dit nu: het wordt niet nog eens getoond.", "Keep this now: it is not shown again."},
	"hook.owner":  {"Wie mailen we als de ontvanger uitvalt?", "Whom do we mail when the receiver fails?"}, "hooks.stopped": {"Webhooks die stilstaan", "Webhooks that have stopped"},
	"hook.active": {"actief", "active"}, "hook.paused": {"gepauzeerd", "paused"}, "hook.disabled": {"uitgezet", "disabled"},
	"pause": {"Pauzeren", "Pause"}, "hook.resume": {"Hervatten", "Resume"}, "rotate": {"Nieuw geheim", "New secret"}, "test": {"Testbericht sturen", "Send a test"},
	"delete": {"Verwijderen", "Delete"}, "revoke": {"Intrekken", "Revoke"}, "deliveries": {"Bezorgingen", "Deliveries"},
	"deliveries.none": {"Er is nog niets verstuurd.", "Nothing has been sent yet."}, "replay": {"Opnieuw sturen", "Send again"},
	"replay.range": {"Alles uit deze periode opnieuw sturen", "Send all of this period again"}, "replay.failed": {"alleen wat mislukte", "failed ones only"},
	"event": {"Gebeurtenis", "Event"}, "outcome": {"Uitkomst", "Outcome"}, "attempts": {"Pogingen", "Attempts"}, "next.attempt": {"volgende poging", "next attempt"},
	"out.waiting": {"wacht", "waiting"}, "out.delivered": {"bezorgd", "delivered"}, "out.failed": {"mislukt", "failed"}, "out.held": {"vastgehouden", "held"},
	"role": {"Rol", "Role"}, "scopes": {"Mag", "May"}, "scopes.all": {"Niets aangevinkt: wat de rol mag.", "None ticked: what the role may."}, "last.used": {"Laatst gebruikt", "Last used"}, "never": {"nooit", "never"},
	"scope.cases:read": {"zaken lezen", "read cases"}, "scope.cases:write": {"zaken invoeren", "enter cases"}, "scope.insights:read": {"inzichten lezen", "read insights"},
	"scope.cases:steps":     {"noteren, labelen, koppelen, beantwoorde zaken afsluiten, beloften en opdrachten afronden", "note, tag, link, close answered cases, end promises and work orders"},
	"scope.webhooks:manage": {"webhooks beheren", "manage webhooks"},
	"made.on":               {"Gemaakt", "Made"}, "all": {"alle", "all"}, "role.integration": {"integratie", "integration"}, "role.marketing": {"marketing", "marketing"},
	"rotated": {"Het oude geheim geldt nog een dag.", "The old secret counts for another day."}, "sent.again": {"Opnieuw onderweg", "On their way again"},
	"channel.default": {"Kanaal, waar een bericht er geen noemt", "Channel, where a message names none"},
}

func init() {
	for k, w := range adminWords {
		if _, has := words[k]; !has {
			words[k] = w
		}
	}
}
