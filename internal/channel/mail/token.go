package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"webcare.example/responder/internal/webcare"
)

var tokenEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// tokenMAC is how many bytes of the code are kept: 80 bits, beyond guessing.
const tokenMAC = 10

// ReplyToken returns the plus tag that names a case in a reply address,
// klacht+TOKEN@brand: the case's id and a code that only holders of the secret
// can make. It is safe in a local part, in either case of letters.
func ReplyToken(id webcare.CaseID, secret []byte) string {
	return string(id) + "-" + tokenEncoding.EncodeToString(tokenCode(id, secret))
}

// ParseToken returns the case that a plus tag names, false if the tag was not
// made with this secret.
func ParseToken(token string, secret []byte) (webcare.CaseID, bool) {
	token = strings.ToLower(token)
	i := strings.LastIndexByte(token, '-')
	if i <= 0 || len(secret) == 0 {
		return "", false
	}
	code, err := tokenEncoding.DecodeString(token[i+1:])
	id := webcare.CaseID(token[:i])
	if err != nil || !hmac.Equal(code, tokenCode(id, secret)) {
		return "", false
	}
	return id, true
}

func tokenCode(id webcare.CaseID, secret []byte) []byte {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte("mail reply token\x00" + string(id)))
	return m.Sum(nil)[:tokenMAC]
}

// TokenClaim is the claim under which a case is found by its reply token. The
// blank keeps it apart from every Message-ID. A case gets it with its first
// reply: it stands among the ThreadIDs of the receipt.
func TokenClaim(id webcare.CaseID) webcare.Claim { return webcare.MailClaim(tokenName(id)) }

func tokenName(id webcare.CaseID) string { return "case " + string(id) }

// replyAddress puts the tag of a case into an address.
func replyAddress(addr string, id webcare.CaseID, secret []byte) string {
	l, d, _ := strings.Cut(addr, "@")
	return l + "+" + ReplyToken(id, secret) + "@" + d
}

// tokenCase looks for a valid tag among the addresses a mail was sent to.
func tokenCase(h header, secret []byte) (webcare.CaseID, bool) {
	if len(secret) == 0 {
		return "", false
	}
	for _, v := range h.all("delivered-to", "x-original-to", "envelope-to", "to", "cc", "x-forwarded-to") {
		for _, a := range addresses(v) {
			l, _, _ := strings.Cut(a.addr, "@")
			if _, tag, ok := strings.Cut(l, "+"); ok {
				if id, ok := ParseToken(tag, secret); ok {
					return id, true
				}
			}
		}
	}
	return "", false
}
