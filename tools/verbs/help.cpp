#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tools/runs/output.h"
#include "tools/verbs/verbs.h"
#include "traces/input.h"
#include "traces/nearest.h"

namespace hmm {
namespace {

constexpr const char* kTraces = R"(A trace is a run of the model as text, a line for each thing:

  # A process maps a page.                        a story, if there is one
  hmmcheck-trace 1                                always
  scope tiny                                      a name of `hmmcheck list scopes`
  profile 6.12                                    of `list profiles`, or FILE.toml beside it
  set commit_checks_seq=0                         a switch of `list switches`
  drop zap_pte_range.put_page                     a rule of `list steps`
  mutate munmap:page.refcount+1                   a field that a step gets wrong, or none
  given mm mm=0 alive=1                           see below
  mmap_region mm=0 vpn=0 read=1 write=1  -> ok    a step of `list steps`, its fields in any
                                                  order, and its verdict, or none
  expect vma mm=0 vpn=0 mapped=1                  a row as it must be there
  expect violated no_stale_install                a property that must not hold there
  cycle                                           the steps from here on are for ever
  expect hangs cpu mm=0 vpn=0 write=0             who waits in vain there: `list liveness`

After `mutate` a line `rules NAME` may name a build of tools/rules, for a trace of edited rules.
Lines come in this order; `set`, `drop`, `given`, steps and `expect` as often as one likes, `expect`
after any step. Without `given` the run starts from the initial state, else from a blank one with
these fields set. A row is a table, its index and some of its fields: `hmmcheck replay` prints them
as steps change them. Numbers are decimal or 0x hexadecimal. `#` after a blank starts a comment.

After `cycle` the steps end where it began, and `expect hangs` follows them; without a cycle it says
that nothing goes on. It names `cpu mm= vpn= write=`, `device device= mm= vpn= write=` or `eviction
pfn=`, several with commas between them, or nobody: then what is in flight never ends.

`replay` compares verdicts and rows, and judges every property after every step but those that the
trace expects to be violated somewhere. A trace of a failure that is mended belongs to
traces/corpus/STEP/, with the `expect violated` lines gone and what holds instead in `expect` rows.

A trace may also be JSON in the Informal Trace Format, as `replay --export itf` prints it: then
every row of every state is expected.
)";

void run(const CLI::App& app, const std::string& topic) {
  if (topic == "trace") return print(kTraces);
  if (topic.empty()) return print(app.help());
  std::vector<std::string> names{"trace"};
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (verb->get_name() == topic) return print(verb->help("hmmcheck"));
    names.push_back(verb->get_name());
  }
  reject({"help"}, "a verb, or trace" + did_you_mean(topic, names), topic);
}

}  // namespace

void add_help(CLI::App& app, int& exit_code) {
  const auto topic = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("help", "Of a verb; or `help trace`: how a trace is written");
  verb->add_option("TOPIC", *topic, "a verb, or trace");
  verb->callback([topic, &app, &exit_code] {
    run(app, *topic);
    exit_code = 0;
  });
}

}  // namespace hmm
