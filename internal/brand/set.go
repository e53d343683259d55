package brand

import (
	"slices"

	"webcare.example/responder/internal/webcare"
)

// Set is the brands that one installation serves. It is never changed after
// NewSet.
type Set struct {
	byID map[string]*Brand
	ids  []string
}

// NewSet returns a set of brands; the first is the default. Two of one id are
// an error of kind webcare.ErrInvalid.
func NewSet(brands ...*Brand) (*Set, error) {
	s := &Set{byID: map[string]*Brand{}}
	if len(brands) == 0 {
		return nil, webcare.Invalidf("no brand file")
	}
	for _, b := range brands {
		if _, twice := s.byID[b.ID]; twice {
			return nil, webcare.Invalidf("two brand files have the id %q", b.ID)
		}
		s.byID[b.ID] = b
		s.ids = append(s.ids, b.ID)
	}
	return s, nil
}

// Get returns a brand, the default for "". An unknown one is ErrNotFound.
func (s *Set) Get(id string) (*Brand, error) {
	if id == "" {
		id = s.ids[0]
	}
	if b, ok := s.byID[id]; ok {
		return b, nil
	}
	return nil, webcare.NotFoundf("brand %q", id)
}

// IDs returns the ids, the default first; the slice is the caller's.
func (s *Set) IDs() []string { return slices.Clone(s.ids) }
