#include "tools/kernel/agent/process.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>

namespace {

// The calls, as they are written for programs that repeat a trace.
#include "tools/kernel/repro/calls.c"

int rights_of(const std::string& word) {
  if (word == "none") return PROT_NONE;
  return word == "r" ? PROT_READ : PROT_READ | PROT_WRITE;
}

// What a call is about: `dwrite d0 2-3 5`.
struct Words {
  std::string name;
  std::array<unsigned, 3> n{};  // a range is its first and its last
  unsigned device = 0;
  std::string rights, kind;
};

Words words_of(const char* text) {
  Words words;
  std::istringstream in{text};
  in >> words.name;
  std::size_t count = 0;
  for (std::string word; in >> word;) {
    if (word[0] == 'd' && word.size() == 2) {
      words.device = static_cast<unsigned>(word[1] - '0');
    } else if (word == "anon" || word == "shared") {
      words.kind = word;
    } else if (word[0] >= '0' && word[0] <= '9') {
      std::size_t used = 0;
      words.n.at(count++) = static_cast<unsigned>(std::stoul(word, &used));
      if (used < word.size())
        words.n.at(count++) = static_cast<unsigned>(std::stoul(word.substr(used + 1)));
    } else {
      words.rights = word;
    }
  }
  return words;
}

void make(const Words& w) {
  const auto& [a, b, c] = w.n;
  const unsigned d = w.device;
  if (w.name == "load") call_load(a);
  if (w.name == "store") call_store(a, b);
  if (w.name == "mmap")
    call_mmap(a, b, rights_of(w.rights), w.kind == "shared" ? MAP_SHARED : MAP_PRIVATE);
  if (w.name == "munmap") call_munmap(a, b);
  if (w.name == "mprotect") call_mprotect(a, b, rights_of(w.rights));
  if (w.name == "mlock") call_mlock(a, b);
  if (w.name == "munlock") call_munlock(a, b);
  if (w.name == "dontneed") call_dontneed(a, b);
  if (w.name == "mremap") call_mremap(a, b);
  if (w.name == "clear_soft_dirty") call_clear_soft_dirty();
  if (w.name == "pin") call_pin(a);
  if (w.name == "unpin") call_unpin(a);
  if (w.name == "dread") call_dread(d, a, b);
  if (w.name == "dwrite") call_dwrite(d, a, b, c);
  if (w.name == "migrate_to_dev") call_migrate_to_dev(d, a, b);
  if (w.name == "migrate_to_sys") call_migrate_to_sys(d, a, b);
  if (w.name == "exclusive") call_exclusive(d, a, b);
  if (w.name == "check_exclusive") call_check_exclusive(d, a, b);
  if (w.name == "release") call_release(d);
}

// The driver's bytes for all pages; of each alone, where all together fail.
void take_snapshot(std::uint8_t* bytes) {
  constexpr std::uint8_t kFailed = 0xfe;
  struct hmm_dmirror_cmd command;
  for (unsigned d = 0; d < DEVICES; ++d) {
    std::uint8_t* const own = bytes + d * PAGES;
    if (dmirror(HMM_DMIRROR_SNAPSHOT, d, 0, PAGES - 1, own, &command) == 0) continue;
    for (unsigned p = 0; p < PAGES; ++p)
      if (dmirror(HMM_DMIRROR_SNAPSHOT, d, p, p, own + p, &command) != 0) own[p] = kFailed;
  }
}

// The child is the agent's, which waits for its end.
pid_t fork_sibling() {
  return static_cast<pid_t>(syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0));
}

// A thread of a process, by its mail.
struct Thread {
  agent::Mails* mails;
  unsigned actor, number;
  agent::Mail& mail() const { return (*mails)[actor][number]; }
};

[[noreturn]] void serve(Thread me);

void* begin_thread(void* own) {
  const Thread me = *static_cast<Thread*>(own);
  delete static_cast<Thread*>(own);
  serve(me);
}

void start_threads(const Thread& me) {
  for (unsigned number = 1; number < agent::kThreads; ++number) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, begin_thread, new Thread{me.mails, me.actor, number}) != 0)
      perror("pthread_create");
  }
}

// What a thread writes of its own is there and no other process has it, so that no call waits for
// the mmap lock on its way to the kernel.
void touch() {
  std::array<volatile char, 16 * std::size_t{PAGE}> stack;
  for (std::size_t at = 0; at < stack.size(); at += PAGE) stack[at] = 0;
  volatile unsigned char* const bytes = buffer;
  for (std::size_t at = 0; at < sizeof buffer; at += PAGE) bytes[at] = bytes[at];
  volatile int* const pipe = &pipes[0][0];
  *pipe = *pipe;
  words_of("dwrite d0 0-3 1");
}

// A child is the process B from then on, of one thread.
void answer(Thread& me) {
  agent::Mail& mail = me.mail();
  switch (mail.what) {
    case agent::Mail::look:
      take_snapshot(mail.snapshot.data());
      break;
    case agent::Mail::threads:
      start_threads(me);
      break;
    case agent::Mail::warm:
      touch();
      break;
    case agent::Mail::fork:
      // The mail is the parent's to write.
      if (const pid_t child = fork_sibling(); child != 0) {
        mail.child = child;
        say_error(child < 0);
      } else {
        me = {me.mails, 1, 0};
        reopen_devices();
      }
      break;
    default: {
      const Words words = words_of(mail.text.data());
      if (words.name == "exit") _exit(0);
      make(words);
      if (result[0] == 0) say("no such call");
    }
  }
}

void serve(Thread me) {
  for (;;) {
    agent::Mail& mail = me.mail();
    mail.tid = gettid();
    agent::give_turn(mail, agent::Mail::of_agent);
    agent::wait_for_turn(mail, agent::Mail::of_process);
    result[0] = 0;
    answer(me);
    if (&mail == &me.mail()) std::memcpy(mail.result.data(), result, sizeof result);
  }
}

}  // namespace

namespace agent {

std::uintptr_t first_vpn() { return reinterpret_cast<std::uintptr_t>(memory) / PAGE; }

void give_turn(Mail& mail, Mail::Turn turn) {
  mail.turn = turn;
  syscall(SYS_futex, &mail.turn, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

void wait_for_turn(Mail& mail, Mail::Turn turn) {
  while (mail.turn != turn)
    syscall(SYS_futex, &mail.turn, FUTEX_WAIT, 1 - turn, nullptr, nullptr, 0);
}

void ask(Mail& mail, Mail::What what) {
  mail.what = what;
  give_turn(mail, Mail::of_process);
  wait_for_turn(mail, Mail::of_agent);
}

void run_process(Mails& mails, unsigned actor) {
  open_devices();
  serve({&mails, actor, 0});
}

}  // namespace agent
