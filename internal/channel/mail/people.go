package mail

import (
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/authres"

	"webcare.example/responder/internal/webcare"
)

// correspondents says who wrote and where an answer goes. It goes to the
// sender; a Reply-To elsewhere is only followed where the sender cannot be
// answered: a web form that mails in the customer's name from an address of
// ours, or one that nobody reads. Otherwise a forged mail would fetch an
// answer with the customer's data.
func (p *Parsed) correspondents(h header, opt Options) {
	m := &p.Message
	from := sender(h)
	reply := h.first("reply-to")
	m.Author = webcare.Author{Name: from.name, Address: from.addr}
	to := from.addr
	switch {
	case reply.addr == "" || strings.EqualFold(reply.addr, from.addr) || opt.own(reply.addr):
	case from.addr == "" || opt.own(from.addr) || noReply(from.addr):
		m.Author = webcare.Author{Name: firstOf(reply.name, from.name), Address: reply.addr}
		to = reply.addr
		p.warn("sent through a form: the answer goes to the address given there")
	default:
		p.warn("reply-to differs from sender")
	}
	switch {
	case m.Author.Address == "":
		p.warn("no sender: cannot be answered")
	case m.Automatic == "" && !noReply(to) && !opt.own(to):
		m.ReplyTo.Recipients = []string{to}
	}
	if len(h.all("from")) > 1 || len(addresses(h.get("from"))) > 1 {
		p.warn("more than one sender: the first was taken")
	}
}

// sender is who a mail says it is from.
func sender(h header) address {
	for _, name := range []string{"from", "resent-from", "sender", "return-path"} {
		if a := h.first(name); a.addr != "" {
			return a
		}
	}
	return address{name: cleanName(h.get("from"))}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// own reports an address of ours, with or without a plus tag.
func (opt Options) own(addr string) bool {
	addr = untagged(addr)
	return addr != "" && slices.ContainsFunc(opt.Own, func(o string) bool { return untagged(o) == addr })
}

// Bounds of a thread.
const (
	maxReferences = 20 // ids sent on in References
	maxParents    = 12 // earlier mails asked for
)

// thread notes which conversation the mail belongs to and what an answer refers to.
func (p *Parsed) thread(h header, ids []string, a verdict, opt Options) {
	m := &p.Message
	refs := messageIDs(strings.Join(h.all("references"), " "))
	parents := messageIDs(h.get("in-reply-to"))
	if a.bounceOf != "" {
		parents = append([]string{a.bounceOf}, parents...)
	}
	for _, id := range slices.Backward(refs) {
		parents = append(parents, id)
	}
	if id, ok := tokenCase(h, opt.Secret); ok {
		p.Parents = append(p.Parents, TokenClaim(id))
	}
	for _, id := range parents {
		cl := webcare.MailClaim(id)
		if len(p.Parents) < maxParents && !slices.Contains(p.Parents, cl) && !slices.Contains(ids, id) {
			p.Parents = append(p.Parents, cl)
		}
	}
	if len(refs) == 0 {
		refs = messageIDs(h.get("in-reply-to"))
	}
	if len(refs) > 0 {
		m.ReplyTo.Root = refs[0]
	}
	if len(ids) > 0 {
		m.ReplyTo.ExternalID = ids[0]
		refs = append(slices.DeleteFunc(refs, func(id string) bool { return id == ids[0] }), ids[0])
	}
	if len(refs) > maxReferences { // the first and the latest, as RFC 5537 advises
		refs = append(refs[:1:1], refs[len(refs)-maxReferences+1:]...)
	}
	m.ReplyTo.References = refs
}

// failedDMARC reads what our own mail server found. Only the topmost field of
// the trusted server counts: those below came with the mail.
func failedDMARC(h header, server string) bool {
	if server == "" {
		return false
	}
	for _, v := range h.all("authentication-results") {
		id, results, err := authres.Parse(v)
		if err != nil || !strings.EqualFold(id, server) {
			continue
		}
		for _, r := range results {
			if d, ok := r.(*authres.DMARCResult); ok {
				return d.Value == authres.ResultFail
			}
		}
		return false
	}
	return false
}
