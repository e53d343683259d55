package followup

import "webcare.example/responder/internal/webhook"

// Links signs the addresses under which desks answer work orders. The console
// checks them and links no stage but its own, so they are a leaf's.
type Links = webhook.DeskLinks
