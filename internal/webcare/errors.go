package webcare

import (
	"errors"
	"fmt"
)

// Error kinds. Wrap them with %w and more words; test them with errors.Is.
// One place maps them to HTTP statuses (package console) and one to exit
// statuses (the command line).
var (
	// ErrInvalid: the input can never be accepted as it is.
	ErrInvalid = errors.New("invalid")
	// ErrNotFound: there is no such thing, or no longer.
	ErrNotFound = errors.New("not found")
	// ErrConflict: somebody was first; load again and decide anew.
	ErrConflict = errors.New("conflict")
	// ErrForbidden: this person may not do that.
	ErrForbidden = errors.New("forbidden")
	// ErrUnavailable: a dependency did not answer; the same call may succeed later.
	ErrUnavailable = errors.New("unavailable")
	// ErrRefused: the platform has definitely not taken the reply and will not.
	ErrRefused = errors.New("refused")
)

// Invalidf returns an error of kind ErrInvalid.
func Invalidf(format string, args ...any) error { return kind(ErrInvalid, format, args...) }

// NotFoundf returns an error of kind ErrNotFound.
func NotFoundf(format string, args ...any) error { return kind(ErrNotFound, format, args...) }

// Conflictf returns an error of kind ErrConflict.
func Conflictf(format string, args ...any) error { return kind(ErrConflict, format, args...) }

// Forbiddenf returns an error of kind ErrForbidden.
func Forbiddenf(format string, args ...any) error { return kind(ErrForbidden, format, args...) }

// Unavailablef returns an error of kind ErrUnavailable.
func Unavailablef(format string, args ...any) error { return kind(ErrUnavailable, format, args...) }

// Refusedf returns an error of kind ErrRefused.
func Refusedf(format string, args ...any) error { return kind(ErrRefused, format, args...) }

func kind(k error, format string, args ...any) error {
	return fmt.Errorf("%w: %w", k, fmt.Errorf(format, args...))
}

// Wrap adds the operation and its arguments to *err, if there is one. Use it
// once per function: defer webcare.Wrap(&err, "LoadCase(%s)", id).
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}

// AuthorityError says which authority a decision takes that its maker lacks.
// It is of kind ErrForbidden.
type AuthorityError struct {
	Has, Needs Authority
}

func (e *AuthorityError) Error() string {
	return fmt.Sprintf("forbidden: this reply takes the authority of a %s, you are a %s: propose it", e.Needs, e.Has)
}

// Is makes an AuthorityError a kind of ErrForbidden.
func (e *AuthorityError) Is(target error) bool { return target == ErrForbidden }
