package model

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"

	"webcare.example/responder/internal/webcare"
)

// The weights file: magic, length of the header, header (JSON), and per table
// its parts, little endian. It is read in place: loading looks at the header
// only. Most weights of a row are nought, so a row is a bit per output and a
// byte for each bit that is set.
const magic = "WCTRIAGE2\n\x00\x00"

// Unit is the scale of all scores: a score of Unit is a log-odds of one.
const Unit = 1024

// Header says how the weights came about and how scores are read.
type Header struct {
	Engine  string        `json:"engine"` // name and version
	Corpus  string        `json:"corpus"` // hash of corpus and lexicon
	Tables  []TableHeader `json:"tables"` // clause, window, message
	Types   []TypeHeader  `json:"types"`  // per friction type
	Mix     []int32       `json:"mix"`    // how clause and window scores make one
	Second  []Second      `json:"second"` // labels of the message as a whole
	Message string        `json:"trained_on"`
}

// TableHeader describes one table of weights.
type TableHeader struct {
	Name    string   `json:"name"`
	Outputs []string `json:"outputs"`
	Bias    []int32  `json:"bias"`  // in Unit
	Scale   []int32  `json:"scale"` // of one step of a weight, in 1/65536 Unit
	Rows    int      `json:"rows"`
	Bytes   int      `json:"bytes"` // of all rows
	Bits    int      `json:"bits"`  // of the bucket index
}

// TypeHeader is how one friction type is decided.
type TypeHeader struct {
	Bias      int32 `json:"bias"`      // in Unit
	Threshold int32 `json:"threshold"` // in Unit: the score from which the type is given
}

// Second is a small model over the scores of the first ones.
type Second struct {
	Label     string  `json:"label"`
	Weights   []int32 `json:"weights"` // in Unit
	Bias      int32   `json:"bias"`
	Threshold int32   `json:"threshold"`
}

// Weights are a loaded model. They are read only and safe for concurrent use.
type Weights struct {
	Header
	tables []table
}

type table struct {
	*TableHeader
	index []byte // per bucket its first row and where that begins, uint32 each
	keys  []byte // sorted, uint32
	rows  []byte // per row which outputs have a weight, a bit each, and those weights, int8
	width int
	mask  int // bytes of a row before its weights
}

// Read loads weights from the bytes of their file, which must not change afterwards.
func Read(b []byte) (*Weights, error) {
	if len(b) < len(magic)+4 || string(b[:len(magic)]) != magic {
		return nil, webcare.Invalidf("model: not a weights file")
	}
	b = b[len(magic):]
	n := int(binary.LittleEndian.Uint32(b))
	b = b[4:]
	if n > len(b) {
		return nil, webcare.Invalidf("model: the weights file is cut off")
	}
	w := &Weights{}
	if err := json.Unmarshal(b[:n], &w.Header); err != nil {
		return nil, webcare.Invalidf("model: header: %v", err)
	}
	b = b[n:]
	for i := range w.Tables {
		h := &w.Tables[i]
		t := table{TableHeader: h, width: len(h.Outputs), mask: maskOf(len(h.Outputs))}
		if h.Bits < 0 || h.Bits > 30 || t.width > MostOutputs {
			return nil, webcare.Invalidf("model: header of table %q", h.Name)
		}
		sizes := []int{(1<<h.Bits + 1) * 8, h.Rows * 4, h.Bytes + spare}
		for k, part := range []*[]byte{&t.index, &t.keys, &t.rows} {
			if sizes[k] > len(b) || sizes[k] < 0 {
				return nil, webcare.Invalidf("model: the weights file is cut off in table %q", h.Name)
			}
			*part, b = b[:sizes[k]:sizes[k]], b[sizes[k]:]
		}
		w.tables = append(w.tables, t)
	}
	return w, w.check()
}

// check refuses weights that were learned for other features than this program has.
func (w *Weights) check() error {
	if len(w.tables) != TableCount {
		return webcare.Invalidf("model: %d tables, not %d", len(w.tables), TableCount)
	}
	want := len(SecondInput(Raw{Message: make([]int32, len(MessageOutputs()))}, make([]int32, len(webcare.FrictionTypes()))))
	for _, s := range w.Second {
		if len(s.Weights) != want {
			return webcare.Invalidf("model: %q has %d weights, not %d: train anew", s.Label, len(s.Weights), want)
		}
	}
	return nil
}

// MostOutputs is how many labels a table may have.
const MostOutputs = 64

func maskOf(width int) int { return (width + 7) / 8 }

// spare bytes stand behind the rows, so that eight can be read anywhere.
const spare = 8

// Score adds up the weights of the features and gives the scores in Unit in
// out, which has the table's width.
func (w *Weights) Score(tableIndex int, fs []Feature, out []int32) {
	t := &w.tables[tableIndex]
	var sums [MostOutputs]int32
	t.sum(fs, &sums)
	norm := int64(Norm(len(fs)))
	for o := range t.width {
		out[o] = t.Bias[o] + int32(int64(sums[o])*int64(t.Scale[o])/65536*norm/normUnit)
	}
}

// sum adds the rows of the features.
func (t *table) sum(fs []Feature, sums *[MostOutputs]int32) {
	for _, f := range fs {
		mask, weights := t.row(f.Hash)
		for k := 0; mask != 0; k++ {
			sums[bits.TrailingZeros64(mask)&(MostOutputs-1)] += int32(int8(weights[k]))
			mask &= mask - 1
		}
	}
}

// row returns which outputs a feature has weights for, and the weights.
func (t *table) row(key uint32) (mask uint64, weights []byte) {
	bucket := int(key>>(32-t.Bits)) * 8
	lo := int(binary.LittleEndian.Uint32(t.index[bucket:]))
	hi := int(binary.LittleEndian.Uint32(t.index[bucket+8:]))
	at := int(binary.LittleEndian.Uint32(t.index[bucket+4:]))
	for ; lo < hi; lo++ {
		k := binary.LittleEndian.Uint32(t.keys[lo*4:])
		if k > key || at > len(t.rows)-spare {
			break
		}
		mask = binary.LittleEndian.Uint64(t.rows[at:]) & (1<<t.width - 1)
		at += t.mask
		n := bits.OnesCount64(mask)
		if k == key && at+n <= len(t.rows) {
			return mask, t.rows[at : at+n]
		}
		at += n
	}
	return 0, nil
}

// normUnit is the scale of Norm.
const normUnit = 1 << 16

// Norm is normUnit divided by the square root of n, so that a long stretch
// weighs as much as a short one.
func Norm(n int) int32 {
	if n <= 1 {
		return normUnit
	}
	return int32((uint64(normUnit) << 12) / isqrt(uint64(n)<<24))
}

func isqrt(n uint64) uint64 {
	if n == 0 {
		return 0
	}
	x := uint64(1) << ((bits.Len64(n) + 1) / 2)
	for {
		y := (x + n/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}

// Probability turns a score in Unit into 0 to 1000, by a table, so that every
// machine finds the same.
func Probability(score int32) int {
	const most = 8 * Unit
	score = min(max(score, -most), most)
	at := int(score+most) * (len(sigmoid) - 1)
	low := at / (2 * most)
	rest := at % (2 * most)
	if low+1 >= len(sigmoid) {
		return int(sigmoid[low])
	}
	return int(sigmoid[low]) + (int(sigmoid[low+1])-int(sigmoid[low]))*rest/(2*most)
}

// sigmoid holds 1000/(1+exp(-x)) for x from -8 to 8 in steps of a half.
var sigmoid = [...]int16{0, 1, 1, 2, 2, 4, 7, 11, 18, 29, 47, 76, 119, 182, 269, 378, 500, 622, 731, 818, 881, 924, 953, 971, 982, 989, 993, 996, 998, 998, 999, 999, 1000}

// Write returns the bytes of a weights file.
func Write(h Header, tables []TableData) ([]byte, error) {
	h.Tables = nil
	for _, t := range tables {
		t.Bytes = t.size()
		h.Tables = append(h.Tables, t.TableHeader)
	}
	head, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	for len(head)%4 != 0 {
		head = append(head, ' ')
	}
	b := []byte(magic)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(head)))
	b = append(b, head...)
	for _, t := range tables {
		b = t.appendTo(b)
	}
	return b, nil
}

// TableData is a table to write: rows sorted by key.
type TableData struct {
	TableHeader
	Keys    []uint32
	Weights []int8
}

func (t TableData) appendTo(b []byte) []byte {
	width := len(t.Outputs)
	var rows []byte
	starts := make([]int, 0, len(t.Keys)+1)
	for r := range t.Keys {
		starts = append(starts, len(rows))
		rows = appendRow(rows, t.Weights[r*width:(r+1)*width])
	}
	starts = append(starts, len(rows))
	row := 0
	for bucket := range 1<<t.Bits + 1 {
		for row < len(t.Keys) && uint64(t.Keys[row]) < uint64(bucket)<<(32-t.Bits) {
			row++
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(row))
		b = binary.LittleEndian.AppendUint32(b, uint32(starts[row]))
	}
	for _, k := range t.Keys {
		b = binary.LittleEndian.AppendUint32(b, k)
	}
	return append(append(b, rows...), make([]byte, spare)...)
}

func appendRow(b []byte, weights []int8) []byte {
	at := len(b)
	b = append(b, make([]byte, maskOf(len(weights)))...)
	for o, v := range weights {
		if v != 0 {
			b[at+o/8] |= 1 << (o % 8)
			b = append(b, byte(v))
		}
	}
	return b
}

// size is how many bytes the rows take.
func (t TableData) size() (n int) {
	n = len(t.Keys) * maskOf(len(t.Outputs))
	for _, v := range t.Weights {
		if v != 0 {
			n++
		}
	}
	return n
}
