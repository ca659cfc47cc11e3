#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "properties/engines/judged_machine.h"
#include "tools/runs/picture.h"
#include "traces/trace_file.h"

// A run that somebody walks by hand: what can happen next, what it would change, and why something
// cannot.
namespace hmm {

class ByHand {
 public:
  // From where the trace starts, with its steps taken.
  ByHand(const TraceFile& trace, const Profile& k);

  // Does what a line says and returns what is to be shown. Throws InputError for what it does not
  // know, with the place.
  std::string answer(std::string_view line, const Origin& at);
  bool is_over() const { return is_over_; }

  // A step that takes effect here, and what comes of it.
  struct Possible {
    PlainStep step;
    std::string says;  // `cpu_load mm=0 vpn=0 -> ok`
    std::vector<std::string> changes;
  };
  // Those that have all of the words in what they say or change.
  std::vector<Possible> possible(std::string_view filter);
  // The run so far, of which nothing is too large to be drawn.
  Picture picture();
  std::string trace();
  std::size_t steps() const { return steps_.size(); }
  // What can be said, a line for each.
  static std::string help();

 private:
  std::string list(std::string_view filter);
  std::string take(const PlainStep& step);
  std::string undo(std::string_view count, const Origin& at);
  std::string show() const;
  std::string table();
  std::string why_not(std::string_view step, const Origin& at);
  std::string how_far(std::string_view wanted, const Origin& at);
  std::string other_claim(std::string_view wanted, PropertySet property, const PlainSteps& steps);
  std::string broken() const;
  void go_back_to_start();
  std::string save(std::string_view path, const Origin& at);

  std::string scope_;
  Profile k_;
  std::unique_ptr<JudgedMachine> machine_;
  Leaves start_;
  PlainSteps steps_;   // taken
  PlainSteps listed_;  // what list() has shown, by number
  bool is_over_ = false;
};

}  // namespace hmm
