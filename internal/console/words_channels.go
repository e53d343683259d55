package console

import "strings"

// channelWords are the words of the page that shows how each channel is.
var channelWords = map[string][2]string{
	"channels":      {"Kanalen", "Channels"},
	"channels.lead": {"Hoe het met elk kanaal gaat, en wat er te doen is als het hapert.", "How each channel is, and what to do where one falters."},
	"channels.none": {"Er zijn geen kanalen.", "There are no channels."},
	"channel.read":  {"Laatst gelezen", "Last read"}, "channel.newest": {"Nieuwste bericht", "Newest message"}, "channel.taken": {"opgepikt", "taken"},
	"channel.lag": {"Vertraging", "Lag"}, "channel.do": {"Wat er is, en wat te doen", "What is wrong, and what to do"},
	"channel.ok": {"werkt", "works"}, "channel.waiting": {"wacht op het eerste bericht", "waits for the first message"}, "channel.failing": {"hapert", "falters"},
	"private.until": {"Privé antwoorden kan hier tot", "A private reply is possible here until"},
	"post.hide":     {"Verberg op het kanaal", "Hide on the channel"}, "post.show": {"Toon weer op het kanaal", "Show on the channel again"},
	"channel.not.connected": {"niet gekoppeld", "not connected"}, "channel.by.hand": {"met de hand", "by hand"},
}

func init() {
	for k, w := range channelWords {
		if _, has := words[k]; !has {
			words[k] = w
		}
	}
}

// channelDutch says what channels say, who speak English, in Dutch. The
// platforms' own words stay as they are.
var channelDutch = []guardWord{
	{"the platform asks to wait until ", "", "het platform vraagt te wachten tot %s"},
	{"nothing: polling goes on by itself", "", "niets: het gaat vanzelf verder"},
	{"nothing, unless it lasts: it is tried again by itself", "", "niets, tenzij het aanhoudt: het wordt vanzelf opnieuw geprobeerd"},
	{"the platform answers what this version cannot read: report it", "", "het platform antwoordt iets wat deze versie niet kan lezen: meld het"},
	{"not connected: replies are posted by hand", "", "niet gekoppeld: antwoorden worden met de hand geplaatst"},
	{"the mailbox is not polled", "", "de mailbox wordt niet gelezen"},
	{"set ", "", "stel %s in"},
	{"say in the brand file where ", " is", "zeg in het merkbestand waar %s staat"},
	{"add ", " to the brand file", "zet %s in het merkbestand"},
	{"make a new access token on the instance", "", "maak een nieuw token op de server (Voorkeuren > Ontwikkeling) en zet het waar het merkbestand zegt"},
	{"make a new app password", "", "maak een nieuw app-wachtwoord (Instellingen > Privacy en beveiliging > App-wachtwoorden) en zet het waar het merkbestand zegt"},
	{"make a new page token", "", "maak een nieuw paginatoken (Bedrijfsinstellingen > Systeemgebruikers) en zet het waar het merkbestand zegt"},
	{"make a new client secret", "", "maak een nieuw clientgeheim voor de app en zet het waar het merkbestand zegt"},
	{"look up key and secret again", "", "zoek sleutel en geheim opnieuw op (Integrations > Developers > APIs) en zet ze waar het merkbestand zegt"},
	{"look up name and password of the mailbox", "", "zoek naam en wachtwoord van de mailbox op, en of hij IMAP toestaat (vaak met een app-wachtwoord), en zet ze waar het merkbestand zegt"},
	{"the mail server does not let us in: ", "", "de mailserver laat ons niet binnen: %s"},
	{"the mail server does not answer in time", "", "de mailserver antwoordt niet op tijd"},
	{"the mail server cut the connection", "", "de mailserver verbrak de verbinding"},
	{"the mail server says: ", "", "de mailserver zegt: %s"},
	{"the mailbox ", " cannot be opened", "de mailbox %s kan niet worden geopend"},
	{"write its name in settings.mailbox", "", "zet de naam in settings.mailbox zoals het mailprogramma hem toont, of geef het account toegang"},
	{"write imaps:// in settings.imap", "", "zet imaps:// in settings.imap"},
}

// channelSays words what a channel says, in a language of the interface.
func channelSays(lang, message string) string {
	message = strings.TrimPrefix(message, "unavailable: ")
	if lang != "nl" {
		return message
	}
	if before, after, ok := strings.Cut(message, "the token has expired or was withdrawn"); ok {
		return before + "het token is verlopen of ingetrokken" + after
	}
	for _, w := range channelDutch {
		if fact, ok := w.fact(message); ok {
			return strings.ReplaceAll(w.dutch, "%s", fact)
		}
	}
	return message
}
