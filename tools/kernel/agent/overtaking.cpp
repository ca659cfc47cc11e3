// Calls that overtake one another: some are held on their way, some wait for those.
#include <sched.h>
#include <unistd.h>

#include <algorithm>

#include "tools/kernel/agent/traces.h"

namespace agent {
namespace {

// Looks at a guest in which nobody but this program runs, one tick or two apart, after which what
// has not come back waits: more than what waits for RCU takes, when every task sleeps too. And all
// looks, after which it is waited for no longer if it does run.
constexpr unsigned kQuietLooks = 100, kLooks = 1'000;
constexpr auto kPause = 1000;

// The one CPU is this program's, when it looks; then the call's that is being made or goes on; then
// those of the others, the first first: so it is not left to chance who overtakes whom.
constexpr int kOfAgent = 90, kOfCall = 50, kOfOthers = 40;
void set_priority(pid_t task, int priority) {
  sched_param parameter{};
  parameter.sched_priority = priority;
  const int policy = priority == 0 ? SCHED_OTHER : SCHED_FIFO;
  sched_setscheduler(task, policy | SCHED_RESET_ON_FORK, &parameter);
}

}  // namespace

bool Traces::is_anything_held() const {
  return std::any_of(under_way_.begin(), under_way_.end(),
                     [](const UnderWay& one) { return one.is_held; });
}

bool Traces::has_stopped(const UnderWay& one) {
  return hold_.state_of(mail_of(one).tid) == HOLD_HELD;
}

// Until all have come back, or are held, or nothing moves any more.
void Traces::settle() {
  const auto is_still = [&](const UnderWay& one) { return has_come_back(one) || has_stopped(one); };
  is_running_ = false;
  for (unsigned looks = 0, quiet = 0; quiet < kQuietLooks; ++looks) {
    usleep(looks == 0 ? 1 : kPause);
    if (std::all_of(under_way_.begin(), under_way_.end(), is_still)) return;
    is_running_ = looks == kLooks;
    if (is_running_) return;
    quiet = hold_.is_anybody_busy() ? 0 : quiet + 1;
  }
}

void Traces::rank(const UnderWay* first) {
  int priority = kOfOthers;
  for (const auto& one : under_way_)
    set_priority(mail_of(one).tid, &one == first ? kOfCall : priority--);
}

void Traces::refuse(const Asked& asked, const std::string& why) {
  notes_ += "# " + asked.text() + ": " + why + "\n";
}

// Where a call under way is to be held next, if anywhere; one that is held goes on.
void Traces::aim(UnderWay& one, const std::string& place) {
  const pid_t task = mail_of(one).tid;
  one.is_held = false;
  one.asked.place = place;
  std::string why;
  if (!place.empty()) why = hold_.stop(task, place);
  if (!why.empty()) refuse(one.asked, "not held " + place + ": " + why);
  if (!why.empty() || place.empty()) hold_.let_go(task);
}

// Those of both processes: a fork shares what its threads write.
void Traces::warm() {
  for (unsigned actor = 0; actor < kActors; ++actor)
    if (pids_[actor] > 0 && has_threads_[actor])
      for (auto& mail : (*mails_)[actor]) ask(mail, Mail::warm);
}

std::size_t Traces::set_out(const Asked& asked) {
  if (!has_threads_[asked.actor]) {
    ask(mail_of(asked.actor), Mail::threads);
    for (auto& mail : (*mails_)[asked.actor]) wait_for_turn(mail, Mail::of_agent);
    set_priority(0, kOfAgent);
    has_threads_[asked.actor] = true;
  }
  if (under_way_.empty()) warm();
  UnderWay one{asked, 1, false};
  const auto is_taken = [&](const UnderWay& other) {
    return other.asked.actor == asked.actor && other.thread == one.thread;
  };
  while (std::any_of(under_way_.begin(), under_way_.end(), is_taken)) ++one.thread;
  under_way_.push_back(one);
  aim(under_way_.back(), asked.place);
  rank(&under_way_.back());
  send(mail_of(one), asked.call);
  return under_way_.size() - 1;
}

// What has become of a call under way, which is one no longer if it has come back.
void Traces::write_result(std::size_t which) {
  // With nobody to wait for it is to come back, or it hangs.
  if (under_way_.size() == 1 && !has_stopped(under_way_[which]))
    wait_for_turn(mail_of(under_way_[which]), Mail::of_agent);
  write((has_come_back(under_way_[which]) ? take_result(which) : state_of(under_way_[which])) +
        "\n" + notes_);
  notes_.clear();
}

std::string Traces::state_of(UnderWay& one) {
  one.is_held = has_stopped(one);
  if (one.is_held) return "held " + one.asked.place;
  if (is_running_ && hold_.is_busy(mail_of(one).tid))
    refuse(one.asked, "does not come back, nor does it sleep");
  return "waits";
}

std::string Traces::take_result(std::size_t which) {
  const UnderWay one = under_way_[which];
  const std::string& place = one.asked.place;
  Mail& mail = mail_of(one);
  const hold_state state = hold_.let_go(mail.tid);
  set_priority(mail.tid, 0);
  if (state == HOLD_ATOMIC)
    refuse(one.asked, "not held " + place + ": under a spinlock or RCU there, nobody may sleep");
  if (state == HOLD_ARMED) refuse(one.asked, "never came by to be held " + place);
  if (state == HOLD_GONE) refuse(one.asked, "held for too long, and went on");
  if (!place.empty()) missed_.push_back(one.asked);
  if (mail.child > 0) {
    pids_[1] = mail.child;
    wait_for_turn(mail_of(1u), Mail::of_agent);
  }
  under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(which));
  return mail.result.data();
}

void Traces::overtake(const Asked& asked) {
  write(asked.text() + " -> ");
  const auto known = std::find_if(under_way_.begin(), under_way_.end(),
                                  [&](const UnderWay& one) { return one.asked.repeats(asked); });
  auto which = static_cast<std::size_t>(known - under_way_.begin());
  if (known == under_way_.end())
    which = set_out(asked);
  else
    go_on(*known, asked);
  settle();
  write_result(which);
  if (under_way_.empty()) look();
}

void Traces::go_on(UnderWay& one, const Asked& asked) {
  rank(&one);
  if (one.is_held || asked.place != one.asked.place) aim(one, asked.place);
}

// Those that waited for what is no longer held come back, or to where they are to be held, unless
// the next line asks what became of one.
void Traces::let_waiting_come_back(const Asked* next) {
  while (!under_way_.empty() && !is_anything_held()) {
    const auto is_next = [&](const UnderWay& one) { return next && one.asked.repeats(*next); };
    if (std::any_of(under_way_.begin(), under_way_.end(), is_next)) return;
    settle();
    auto one = std::find_if(under_way_.begin(), under_way_.end(), [&](const UnderWay& other) {
      return has_come_back(other) || has_stopped(other);
    });
    if (one == under_way_.end()) one = under_way_.begin();
    write(one->asked.text() + " -> ");
    if (!has_stopped(*one)) wait_for_turn(mail_of(*one), Mail::of_agent);
    write_result(static_cast<std::size_t>(one - under_way_.begin()));
    if (under_way_.empty()) look();
  }
}

void Traces::let_all_go() {
  for (auto& one : under_way_) aim(one, "");
  for (auto& one : under_way_) {
    wait_for_turn(mail_of(one), Mail::of_agent);
    set_priority(mail_of(one).tid, 0);
  }
  under_way_.clear();
}

}  // namespace agent
