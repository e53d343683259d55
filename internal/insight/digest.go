package insight

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"webcare.example/responder/internal/brand"
	"webcare.example/responder/internal/webcare"
)

// Digests mails process owners every week what customers met in their process.
type Digests struct {
	Store  webcare.Store
	Brands *brand.Set
	Mail   func(brand string) (webcare.Publisher, bool)
	Now    func() time.Time
	Link   string // of the console
}

// Digest is a week of one process owner.
type Digest struct {
	Brand  *brand.Brand
	Owner  string
	Week   Period
	Lines  []DigestLine // the most first
	Quotes []Quote
	// Of the brand's customers with a complaint who wrote back on our answer,
	// those who were no longer negative.
	Wrote, Helped int64
}

// DigestLine is one friction of the week.
type DigestLine struct {
	Friction webcare.FrictionType
	N, Was   int64
	Cents    int64 // what its resolutions cost
}

const (
	digestKind = "digest"
	digestHour = 7 // on Monday, in the brand's time
	maxQuotes  = 5
)

// Send mails the digests of last week that are due and not sent. Run it every
// hour; each goes out once.
func (d *Digests) Send(ctx context.Context, brandID string) (sent int, err error) {
	defer webcare.Wrap(&err, "digests of %s", brandID)
	b, err := d.Brands.Get(brandID)
	if err != nil || len(b.ProcessOwners) == 0 {
		return 0, err
	}
	out, ok := d.Mail(b.ID)
	local := d.Now().In(b.Location())
	if !ok || local.Weekday() == time.Monday && local.Hour() < digestHour {
		return 0, nil
	}
	monday := d.Now().UTC().Truncate(24 * time.Hour)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, -1)
	}
	week := Period{monday.AddDate(0, 0, -7), monday}
	for _, owner := range Owners(b) {
		to, lang := addressee(b, owner)
		if to == "" {
			continue
		}
		key := b.ID + "/" + week.From.Format(time.DateOnly) + "/" + owner
		if _, err := d.Store.Records.Get(ctx, digestKind, key, d.Now()); !errors.Is(err, webcare.ErrNotFound) {
			if err != nil {
				return sent, err
			}
			continue
		}
		g, err := d.Make(ctx, b, owner, week)
		if err != nil {
			return sent, err
		}
		if len(g.Lines) > 0 {
			if _, err := out.Publish(ctx, g.mail(to, lang, d.Link)); err != nil {
				return sent, err
			}
			sent++
		}
		err = d.Store.Records.Put(ctx, webcare.Record{Kind: digestKind, Key: key, Body: []byte("{}"), Expires: d.Now().AddDate(0, 0, 30)}, d.Now())
		if err != nil && !errors.Is(err, webcare.ErrConflict) {
			return sent, err
		}
	}
	return sent, nil
}

// Owners returns the process owners of a brand in order.
func Owners(b *brand.Brand) []string {
	var out []string
	for _, f := range webcare.FrictionTypes() {
		if o := b.ProcessOwner(f); o != "" && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	slices.Sort(out)
	return out
}

// Make counts a week of one owner and looks for quotes.
func (d *Digests) Make(ctx context.Context, b *brand.Brand, owner string, week Period) (g Digest, err error) {
	g = Digest{Brand: b, Owner: owner, Week: week}
	var own []webcare.FrictionType
	for _, f := range webcare.FrictionTypes() {
		if b.ProcessOwner(f) != owner {
			continue
		}
		own = append(own, f)
		now, err := Read(ctx, d.Store.Tallies, b.ID, []string{Slice("main", string(f))}, week)
		if err != nil {
			return g, err
		}
		was, err := Read(ctx, d.Store.Tallies, b.ID, []string{Slice("main", string(f))}, week.Before())
		if err != nil {
			return g, err
		}
		l := DigestLine{Friction: f, N: now.Total("contact"), Was: was.Total("contact"), Cents: now.Total("cost")}
		if l.N > 0 || l.Was > 0 {
			g.Lines = append(g.Lines, l)
		}
	}
	all, err := Read(ctx, d.Store.Tallies, b.ID, []string{All}, week)
	if err != nil {
		return g, err
	}
	for _, before := range []string{"negative", "mixed"} { // what helped, over the whole brand
		for _, v := range all.By("after/" + before + "/") {
			g.Wrote += v.N
			if v.Name == "positive" || v.Name == "neutral" {
				g.Helped += v.N
			}
		}
	}
	slices.SortFunc(g.Lines, func(a, b DigestLine) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Friction, b.Friction))
	})
	g.Quotes, err = Quotes(ctx, d.Store, b.ID, own, week, maxQuotes)
	return g, err
}

// addressee is an owner's mail address and language: what stands behind the
// address, else the brand's first.
func addressee(b *brand.Brand, owner string) (to, lang string) {
	to, lang, _ = strings.Cut(b.ProcessOwners[owner], " ")
	if lang = strings.TrimSpace(lang); digestWords[lang] == nil {
		lang = b.Languages[0]
	}
	return to, lang
}

// mail is the digest as a mail.
func (g Digest) mail(to, lang, link string) webcare.Outgoing {
	subject, text := g.Text(lang, link)
	return webcare.Outgoing{Key: "digest-" + webcare.Digest([]byte(g.Brand.ID + g.Week.From.String() + g.Owner))[:24], Brand: g.Brand.ID, Channel: "email",
		Draft: webcare.Draft{Subject: subject, Text: text, Language: lang, Visibility: webcare.Private, ReplyTo: webcare.ReplyTarget{Recipients: []string{to}}}}
}

var digestWords = map[string][]string{
	"nl": {"Wat klanten meemaakten, %s t/m %s (%s)", "Dag,\n\nDit zijn de fricties waar %s over gaat, week van %s t/m %s.\n\n", "%s: %d keer (week ervoor %d, %s)", ", oplossingen € %d,%02d",
		"\nVan de %d klanten met een klacht die na ons antwoord terugschreven waren er %d niet meer negatief.\n", "\nIn hun eigen woorden, zonder gegevens:\n", "\nMeer: %s\n", "gelijk"},
	"en": {"What customers met, %s to %s (%s)", "Hello,\n\nThese are the frictions that %s owns, week of %s to %s.\n\n", "%s: %d times (week before %d, %s)", ", resolutions € %d,%02d",
		"\nOf the %d customers with a complaint who wrote back after our answer, %d were no longer negative.\n", "\nIn their own words, without personal data:\n", "\nMore: %s\n", "the same"},
}

// Text renders the digest.
func (g Digest) Text(lang, link string) (subject, text string) {
	w, ok := digestWords[lang]
	if !ok {
		lang, w = "nl", digestWords["nl"]
	}
	from, to := g.Week.From.Format("02-01"), g.Week.To.AddDate(0, 0, -1).Format("02-01-2006")
	var b strings.Builder
	fmt.Fprintf(&b, w[1], g.Owner, from, to)
	for _, l := range g.Lines {
		change := w[7]
		if l.Was > 0 && l.N != l.Was {
			change = fmt.Sprintf("%+d%%", (l.N-l.Was)*100/l.Was)
		} else if l.N != l.Was {
			change = fmt.Sprintf("%+d", l.N-l.Was)
		}
		fmt.Fprintf(&b, "- "+w[2], Name(lang, l.Friction), l.N, l.Was, change)
		if l.Cents != 0 {
			fmt.Fprintf(&b, w[3], l.Cents/100, l.Cents%100)
		}
		b.WriteString("\n")
	}
	if g.Wrote > 0 {
		fmt.Fprintf(&b, w[4], g.Wrote, g.Helped)
	}
	if len(g.Quotes) > 0 {
		b.WriteString(w[5])
		for _, q := range g.Quotes {
			fmt.Fprintf(&b, "  \u201c%s\u201d\n", q.Text)
		}
	}
	if link != "" {
		fmt.Fprintf(&b, w[6], strings.TrimSuffix(link, "/")+"/insights?days=7")
	}
	return fmt.Sprintf(w[0], from, to, g.Brand.Name), b.String()
}
