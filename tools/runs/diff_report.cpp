#include "tools/runs/diff_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/step_infos.h"
#include "model/step_sentences.h"
#include "properties/engines/judged_machine.h"
#include "tools/runs/document.h"
#include "tools/runs/report.h"
#include "traces/text.h"

namespace hmm {
namespace {

constexpr std::size_t kMailWidth = 75;
constexpr std::size_t kMostCalls = 20;

std::string told(Verdict v) {
  return fmt::format("{} ({}{})", name_of(v), sentence_of(v),
                     takes_effect(v) ? "" : ": nothing happens");
}

class DiffDocument {
 public:
  explicit DiffDocument(const DiffStory& story) : story_(story) {
    out_.heading(1, title());
    out_.paragraph(story.verdict);
    add_limits();
    add_proofs();
    if (!story.diff.differences.empty()) out_.heading(2, "Steps that go another way");
    for (const auto& found : story.diff.differences) add(found);
    add_proved_only();
    add_promises();
    add_observed();
    add_calls();
    out_.heading(2, "To repeat it");
    out_.code(in_lines(story.command));
  }

  std::string title() const { return fmt::format("hmmcheck diff: {} -> {}", story_.a, story_.b); }
  const Document& document() const { return out_; }

 private:
  // A command in lines that mail leaves as they are.
  static std::string in_lines(const std::string& command) {
    std::string out, line;
    std::size_t from = 0;
    while (from < command.size()) {
      // An option stays with its value.
      std::size_t end = command.find(" --", from + 1);
      end = std::min(end, command.size());
      const std::string word = command.substr(from, end - from);
      if (!line.empty() && line.size() + word.size() + 2 > kMailWidth - 4) {
        out += line + " \\\n";
        line = " ";
      }
      line += word;
      from = end;
    }
    return out + line;
  }

  void add_limits() {
    const auto& d = story_.diff;
    if (!d.is_complete)
      out_.paragraph("Not to the end: " + d.rest() + ". What is not said of them is not known.");
    for (const auto& one : story_.not_asked) out_.paragraph(one + ".");
    if (!story_.left_out.empty())
      out_.paragraph("Known defects of both, left out: " + joined(story_.left_out) + ".");
  }

  void add_proofs() {
    const KernelDiff& d = story_.diff;
    if (d.proofs.empty()) return;
    out_.paragraph(fmt::format(
        "Proved the same, in every state of scope {} that has every property: {} of {} steps. "
        "{} differ, {} could not be decided, {} cannot happen there.",
        d.proved_at, d.steps(Answer::proved), d.proofs.size(), d.steps(Answer::refuted),
        d.steps(Answer::unknown), d.steps(Answer::out_of_scope)));
  }

  void add_proved_only() {
    if (story_.diff.proved_only.empty()) return;
    out_.heading(2, "Steps that differ where no search came by");
    out_.paragraph("By proof, from states that have every property and need not be reachable.");
    for (const auto& found : story_.diff.proved_only)
      out_.item(fmt::format("{}: {} -> {}, {}; {}", step_infos()[found.what.step].name,
                            name_of(found.what.a), name_of(found.what.b),
                            print_step(*found.what.counterexample),
                            in_words(found, story_.options_b)));
  }

  void add(const FoundDifference& found) {
    const Difference& what = found.what;
    const auto& step = step_infos()[what.kind];
    out_.heading(3, std::string(step.name));
    out_.paragraph(std::string(sentence_of_step(step.name)));
    if (what.a == what.b)
      out_.paragraph(fmt::format("{} in both, to another state, at {} edges.", told(what.a),
                                 grouped(what.edges)));
    else
      out_.paragraph(
          fmt::format("{} -> {}, at {} edges.", told(what.a), told(what.b), grouped(what.edges)));
    out_.paragraph(fmt::format("A shortest run to it, at scope {}:", found.scope));
    out_.table(table_of(*machine_at(found.scope), story_.kernel_a, what.steps));
    const BothSides sides = both_sides(found, story_.kernel_a, story_.kernel_b);
    out_.paragraph("Its last step changes:");
    out_.code(side("A", story_.a, sides.a, sides.rows_a) +
              side("B", story_.b, sides.b, sides.rows_b));
  }

  static std::string side(const char* letter, const std::string& name, Verdict verdict,
                          const std::vector<std::string>& rows) {
    std::string text =
        wrapped(fmt::format("{}, {}: {}", letter, name, name_of(verdict)), kMailWidth - 4, 3);
    for (const auto& row : rows) text += "   " + wrapped(row, kMailWidth - 4 - 3, 5);
    return text + (rows.empty() ? "   nothing\n" : "");
  }

  void add_promises() {
    out_.heading(2, "Promises");
    const auto& d = story_.diff;
    const auto broken = d.newly_broken(), mended = d.mended();
    const auto not_known = d.not_known();
    if (broken.empty() && mended.empty() && not_known.empty() && d.is_complete &&
        story_.ends.empty())
      out_.paragraph(d.broken_in_a.empty()
                         ? "None is broken, before or after, at the scopes that were explored."
                         : "Those that were broken before are broken after, and no other.");
    for (const auto& one : not_known)
      out_.item(
          fmt::format("{}: broken in {} at scope {}; not known of {}, whose search did not end",
                      names_of_properties(one.what.promise).front(), one.in_b ? "B" : "A",
                      one.what.scope, one.in_b ? "A" : "B"));
    for (const auto& one : broken) add(one, "Newly broken", story_.kernel_b);
    for (const auto& one : mended) add(one, "Mended", story_.kernel_a);
    for (const auto& one : story_.ends) out_.item(one);
  }

  void add(const FoundBroken& one, const char* what, const Profile& k) {
    const auto name = names_of_properties(one.promise).front();
    const auto& infos = property_infos();
    const auto info =
        std::find_if(infos.begin(), infos.end(), [&](const auto& p) { return p.name == name; });
    out_.heading(3, fmt::format("{}: {}", what, name));
    out_.paragraph(std::string(info->says));
    out_.paragraph(fmt::format("The shortest run, at scope {}:", one.scope));
    out_.table(table_of(*machine_at(one.scope), k, one.steps));
  }

  void add_observed() {
    if (story_.observed.empty()) return;
    out_.heading(2, "What a program sees");
    out_.paragraph(story_.observed + ".");
    if (!story_.observed_steps) return;
    const Observed& seen = *story_.observed_steps;
    out_.paragraph("In A:");
    out_.table(table_of(*machine_at(seen.scope), story_.kernel_a, seen.steps));
    out_.paragraph("In B:");
    out_.table(table_of(*machine_at(seen.scope), story_.kernel_b, seen.steps));
  }

  void add_calls() {
    if (story_.recordings.empty()) return;
    out_.heading(2, "Recorded calls");
    out_.paragraph(fmt::format("{} recorded traces have a call that comes out otherwise.",
                               story_.calls.size()));
    for (std::size_t i = 0; i < story_.calls.size() && i < kMostCalls; ++i) {
      const auto& call = story_.calls[i];
      out_.item(fmt::format("{}:{}: {}: {}", call.source, call.line, call.call, in_words(call)));
    }
    if (story_.calls.size() > kMostCalls)
      out_.item(fmt::format("and {} more", story_.calls.size() - kMostCalls));
  }

  const DiffStory& story_;
  Document out_;
};

}  // namespace

std::string diff_markdown(const DiffStory& story) {
  return DiffDocument(story).document().markdown(kMailWidth);
}

std::string diff_html(const DiffStory& story) {
  const DiffDocument document(story);
  return document.document().html(document.title());
}

}  // namespace hmm
