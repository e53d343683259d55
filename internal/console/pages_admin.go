package console

import "net/http"

// registerAdminPages adds the pages that set the house up.
func (s *Server) registerAdminPages(*http.ServeMux) error { return nil }
