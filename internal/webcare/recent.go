package webcare

import (
	"context"
	"slices"
)

// recentReplies is how many replies of the brand the near-duplicate rule sees.
const recentReplies = 30

// RecentReplies returns texts of a brand's latest answered cases, one case
// left out.
func RecentReplies(ctx context.Context, s Store, brandID string, not CaseID) (out []string, err error) {
	defer Wrap(&err, "RecentReplies(%s)", brandID)
	page, err := s.Cases.List(ctx, Query{Brands: []string{brandID}, Statuses: []Status{StatusAnswered}, Limit: recentReplies})
	if err != nil {
		return nil, err
	}
	for _, h := range page.Heads {
		if h.ID == not {
			continue
		}
		c, err := s.Load(ctx, h.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range slices.Backward(c.Messages) {
			if e.Value.Ours {
				out = append(out, e.Value.Text)
				break
			}
		}
	}
	return out, nil
}
