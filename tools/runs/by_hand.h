#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "properties/engines/judged_machine.h"
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
  // What can be said, a line for each.
  static std::string help();

 private:
  std::string list(std::string_view filter);
  std::string take(const PlainStep& step);
  std::string undo(std::string_view count, const Origin& at);
  std::string show() const;
  std::string table();
  std::string why_not(std::string_view step, const Origin& at);
  std::string how_far(std::string_view property, const Origin& at);
  std::string save(std::string_view path, const Origin& at);
  std::string broken() const;
  void go_back_to_start();
  // The step's changes here, which it is not left at.
  std::vector<std::string> changes_of(const PlainStep& step);

  std::string scope_;
  Profile k_;
  std::unique_ptr<JudgedMachine> machine_;
  Leaves start_;
  PlainSteps steps_;   // taken
  PlainSteps listed_;  // what list() has shown, by number
  bool is_over_ = false;
};

}  // namespace hmm
