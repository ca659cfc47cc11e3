#pragma once
#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstdint>

// The processes of a trace, and how they are told what to do.
namespace agent {

inline constexpr unsigned kPages = 4, kDevices = 4, kActors = 2;
// Of a process: the one that it begins with, and those whose calls overtake one another.
inline constexpr unsigned kThreads = 5;

// Shared with a thread; whoever has the turn writes.
struct Mail {
  enum Turn : int { of_process, of_agent };
  enum What : int { call, look, fork, threads, warm };
  std::atomic<int> turn{of_process};
  int what = call;
  std::array<char, 128> text{};                            // of the call, without who makes it
  std::array<char, 256> result{};                          // of the call
  std::array<std::uint8_t, kPages * kDevices> snapshot{};  // of a look
  pid_t child = 0;                                         // of a fork
  pid_t tid = 0;                                           // whose mail it is
};
using Mails = std::array<std::array<Mail, kThreads>, kActors>;

// The virtual page that the first of the pages is.
std::uintptr_t first_vpn();

// A process that does what its mail says, with the devices open, until it is told to exit. Its
// child is a child of this program's too. It begins with one thread.
[[noreturn]] void run_process(Mails& mails, unsigned actor);

// Gives the turn to the process and waits until it is back.
void ask(Mail& mail, Mail::What what);
// The same of the process itself: what it is asked next.
void wait_for_turn(Mail& mail, Mail::Turn turn);
void give_turn(Mail& mail, Mail::Turn turn);

}  // namespace agent
