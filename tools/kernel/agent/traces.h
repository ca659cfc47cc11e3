#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tools/kernel/agent/hold.h"
#include "tools/kernel/agent/look.h"
#include "tools/kernel/agent/process.h"

// The calls of traces, made one after the other, and what is written of them.
namespace agent {

// A line `A CALL`, or `A CALL -> held PLACE` of one that is to be held there.
struct Asked {
  unsigned actor = 0;
  std::string call, place;
  std::string text() const { return std::string(1, "AB"[actor]) + " " + call; }
  bool repeats(const Asked& other) const { return actor == other.actor && call == other.call; }
};

class Traces {
 public:
  explicit Traces(int channel);
  // Does what a line says, and writes what comes of it.
  void line(const std::string& line);
  void write(const std::string& text);

 private:
  // A call that has not been seen to come back, and the thread that makes it.
  struct UnderWay {
    Asked asked;
    unsigned thread = 0;
    bool is_held = false;
  };

  void begin();
  void end();
  void let_exit(unsigned actor);
  std::string unfit(const Asked& asked) const;
  void step(const Asked& asked);
  // A call while no other is under way, by the process's first thread.
  std::string result_of(const Asked& asked);
  void look();

  // The same of calls that overtake one another (overtaking.cpp).
  void overtake(const Asked& asked);
  void go_on(UnderWay& one, const Asked& asked);
  void warm();
  std::size_t set_out(const Asked& asked);
  void aim(UnderWay& one, const std::string& place);
  void write_result(std::size_t which);
  std::string state_of(UnderWay& one);
  std::string take_result(std::size_t which);
  void let_waiting_come_back(const Asked* next);
  void let_all_go();
  void settle();
  void rank(const UnderWay* first);
  void refuse(const Asked& asked, const std::string& why);
  bool is_anything_held() const;
  bool has_stopped(const UnderWay& one);
  bool has_come_back(const UnderWay& one) { return mail_of(one).turn == Mail::of_agent; }
  Mail& mail_of(const UnderWay& one) { return (*mails_)[one.asked.actor][one.thread]; }
  Mail& mail_of(unsigned actor) { return (*mails_)[actor][0]; }

  int channel_;
  Mails* mails_;
  std::array<pid_t, kActors> pids_{};
  std::array<bool, kActors> has_threads_{};
  std::vector<UnderWay> under_way_;
  std::vector<Asked> missed_;  // that were to be held and came back: nobody has to let them go
  bool is_running_ = false;    // something still did when it was no longer waited for
  std::string notes_;          // written after the line that is being written
  Look look_;
  Hold hold_;
};

// All of it, or as much as the file takes.
void write_all(int file, const std::string& text);
// Sets what a thread is to do next, and lets it.
void send(Mail& mail, const std::string& call);

}  // namespace agent
