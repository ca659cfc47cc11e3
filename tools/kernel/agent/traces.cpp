#include "tools/kernel/agent/traces.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <new>

namespace agent {
namespace {

constexpr std::string_view kHeld = " -> held ";

Asked asked_in(const std::string& line) {
  const auto arrow = line.find(kHeld);
  Asked asked{line[0] == 'A' ? 0u : 1u, line.substr(2, arrow == line.npos ? arrow : arrow - 2), ""};
  if (arrow != line.npos) asked.place = line.substr(arrow + kHeld.size());
  return asked;
}

}  // namespace

void send(Mail& mail, const std::string& call) {
  std::snprintf(mail.text.data(), mail.text.size(), "%s", call.c_str());
  mail.what = call == "fork B" ? Mail::fork : Mail::call;
  mail.child = 0;
  give_turn(mail, Mail::of_process);
}

Traces::Traces(int channel) : channel_(channel) {
  void* const shared =
      mmap(nullptr, sizeof(Mails), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  mails_ = static_cast<Mails*>(shared);
}

void write_all(int file, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = ::write(file, text.data() + at, text.size() - at);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

void Traces::write(const std::string& text) { write_all(channel_, text); }

void Traces::line(const std::string& line) {
  if (line.starts_with("trace ")) {
    begin();
    write(line + "\n");
  } else if (line == "end") {
    end();
    write("end\n");
  } else if (line.size() > 2 && (line[0] == 'A' || line[0] == 'B')) {
    step(asked_in(line));
  }
}

void Traces::begin() {
  new (mails_) Mails;
  pids_ = {};
  has_threads_ = {};
  missed_.clear();
  pids_[0] = fork();
  if (pids_[0] == 0) run_process(*mails_, 0);
  wait_for_turn(mail_of(0u), Mail::of_agent);
}

void Traces::end() {
  let_waiting_come_back(nullptr);
  let_all_go();
  for (unsigned i = kActors; i-- > 0;) let_exit(i);
}

void Traces::let_exit(unsigned actor) {
  if (pids_[actor] <= 0) return;
  send(mail_of(actor), "exit");
  waitpid(pids_[actor], nullptr, 0);
  pids_[actor] = 0;
  has_threads_[actor] = false;
  // It may be the next one's, whose threads have not begun.
  for (auto& mail : (*mails_)[actor]) mail.turn = Mail::of_process;
}

std::string Traces::result_of(const Asked& asked) {
  if (asked.call == "exit") {
    let_exit(asked.actor);
    return "ok";
  }
  Mail& mail = mail_of(asked.actor);
  send(mail, asked.call);
  wait_for_turn(mail, Mail::of_agent);
  if (mail.child > 0) {
    pids_[1] = mail.child;
    wait_for_turn(mail_of(1u), Mail::of_agent);
  }
  return mail.result.data();
}

void Traces::look() {
  look_.begin();
  std::string text;
  for (unsigned i = 0; i < kActors; ++i) {
    if (pids_[i] <= 0) continue;
    ask(mail_of(i), Mail::look);
    text += look_.line("AB"[i], pids_[i], mail_of(i));
  }
  write(text);
}

// Why the call cannot be made, if it cannot.
std::string Traces::unfit(const Asked& asked) const {
  const auto own = std::count_if(under_way_.begin(), under_way_.end(), [&](const UnderWay& one) {
    return one.asked.actor == asked.actor;
  });
  const bool is_known = std::any_of(under_way_.begin(), under_way_.end(),
                                    [&](const UnderWay& one) { return one.asked.repeats(asked); });
  if (pids_[asked.actor] <= 0) return "by no process";
  if (is_known) return "";
  if (asked.call == "fork B" && pids_[1] > 0) return "as B is alive";
  if (asked.call == "exit" && own != 0) return "as others of its process are under way";
  if (asked.call == "exit" && !asked.place.empty()) return "as it cannot be held";
  return own == kThreads - 1 ? "as too many are under way" : "";
}

void Traces::step(const Asked& asked) {
  const auto missed = std::find_if(missed_.begin(), missed_.end(),
                                   [&](const Asked& one) { return one.repeats(asked); });
  if (missed != missed_.end()) {
    if (asked.place.empty()) missed_.erase(missed);
    return;
  }
  let_waiting_come_back(&asked);
  if (const std::string why = unfit(asked); !why.empty())
    return write("# " + asked.text() + ": not made, " + why + "\n");
  // The call first: if the kernel dies of it, that is known.
  const bool is_alone = asked.place.empty() && under_way_.empty();
  if (!is_alone && asked.call != "exit") return overtake(asked);
  write(asked.text() + " -> ");
  write(result_of(asked) + "\n");
  if (under_way_.empty()) look();
}

}  // namespace agent
