// Command client makes the calls that it reads, a line of JSON each, and prints what grpc-go hands out of them. The lines
// are those of test/interop/grpc/client-program.ts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log"
	"os"
	"sync"
	"time"
)

type command struct {
	ID        int               `json:"id"`
	Do        string            `json:"do"`
	Channel   channelOptions    `json:"channel"`
	Method    string            `json:"method"`
	Requests  []json.RawMessage `json:"requests"`
	TimeoutMs int64             `json:"timeoutMs"`
	Gzip      bool              `json:"gzip"`
	AtOnce    int               `json:"atOnce"`
}

// program is what lasts from line to line.
type program struct {
	channels channels
	running  sync.WaitGroup
	lock     sync.Mutex
	// cancels ends the calls and loads in progress, by id.
	cancels map[int]context.CancelFunc
}

func (p *program) print(line any) {
	text, err := json.Marshal(line)
	if err != nil {
		log.Fatal(err)
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	os.Stdout.Write(append(text, '\n'))
}

// begin gives work of its own goroutine a context that a later line can cancel.
func (p *program) begin(id int, timeoutMs int64, work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	if timeoutMs > 0 {
		ctx, cancel = context.WithTimeout(context.Background(), time.Duration(timeoutMs)*time.Millisecond)
	}
	p.lock.Lock()
	p.cancels[id] = cancel
	p.lock.Unlock()
	p.running.Add(1)
	go func() {
		defer p.running.Done()
		defer p.cancel(id)
		work(ctx)
	}()
}

func (p *program) cancel(id int) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if cancel, ok := p.cancels[id]; ok {
		cancel()
		delete(p.cancels, id)
	}
}

func (p *program) take(line []byte) error {
	var c command
	if err := json.Unmarshal(line, &c); err != nil {
		return err
	}
	if c.Do == "cancel" {
		p.cancel(c.ID)
		return nil
	}
	connection, err := p.channels.open(c.Channel)
	if err != nil {
		return err
	}
	work := call
	if c.Do == "load" {
		work = load
	}
	p.begin(c.ID, c.TimeoutMs, func(ctx context.Context) {
		if err := work(ctx, connection, c, p.print); err != nil {
			log.Fatal(err)
		}
	})
	return nil
}

func main() {
	p := &program{channels: channels{}, cancels: map[int]context.CancelFunc{}}
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err == nil {
			err = p.take(line)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	p.running.Wait()
}
