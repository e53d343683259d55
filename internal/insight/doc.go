// Package insight counts what happened: sentiment and friction over time, how
// fast and at what cost customers were answered, which promises were kept.
//
// Tallies are moved by events alone, once per event, so that counting all
// events again gives the same numbers (Recount). What is counted of a case is
// a contact: what a customer wrote up to our answer. Its labels stand in the
// hour in which the contact began; a later triage or a correction takes them
// back there and puts the new ones in their place, so that every period is
// exact. Everything else is counted when it happens, under the labels that
// the case has then.
//
// # Counters
//
//	METRIC                         per hour, for the brand
//	channel/CHANNEL/METRIC         per hour, for one channel
//	d/SLICE/2026-03/14/METRIC      per day (UTC), stored under its month
//	s/2026-03-14T09/07/FRICTION    arrivals per minute, for Watch
//
// A SLICE is "all" or one value of one dimension: channel=x, main=late,
// language=nl, tag=kerst. A month of a slice is one short stretch of the
// store, so a year of it is twelve small reads however many cases there are.
// In counters per day the slashes of METRIC are written ':'.
//
// No counter is about an employee, and none about signals that tell of a
// person's health or vulnerability.
//
// Start at Deltas; Read gives a period, Behind says which cases a figure is
// made of, Watch finds spikes.
package insight
