#pragma once
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "model/swapops/config.h"
#include "properties/engines/engines.h"
#include "tools/runs/mutants.h"
#include "traces/recording.h"

// What notices a mutant first: a promise, a recorded kernel, or something weaker.
namespace hmm {

// From the strongest. liveness is a claim of what ends. A proof is of a promise that the step does
// not preserve, from a state that has every property and that no search came by; a strengthening is
// no promise, but a search or a proof sees it broken; a count is another number of states than
// tests/goldens/ has. equal: no step leads elsewhere in any state of `pair` that has every
// property, by proof. survivor: nobody noticed.
enum class Bite { promise, recording, liveness, proof, strengthening, count, equal, survivor };

struct BiteMark {
  Bite bite = Bite::survivor;
  std::string by;         // the promise, the recording's line, the property
  std::string where;      // the scope
  std::size_t steps = 0;  // of a shortest run there
  double seconds = 0;     // until then
};

struct KernelRecording {
  Profile profile;  // of the kernel that recorded, with its defects
  SwapKernel kernel{};
  Recording recording;
};

class Teeth {
 public:
  // `k` is the kernel that is mutated, without the defects that break promises. It and the
  // recordings must outlive this.
  Teeth(const Profile& k, const std::vector<KernelRecording>& recordings, std::stop_token stop);

  // Empty if it was asked to stop.
  std::optional<BiteMark> judge(const Mutant& mutant) const;

 private:
  struct Search {
    std::optional<BiteMark> promise, strengthening, count;
  };
  void explore_at(const std::string& scope, const Profile& mutated, std::uint64_t max_states,
                  Search& search) const;
  void walk_at(const std::string& scope, const Profile& mutated, Search& search) const;
  std::optional<BiteMark> search(const Mutant& mutant, const Profile& mutated,
                                 Search& search) const;
  std::optional<BiteMark> record(const Mutant& mutant) const;
  std::optional<BiteMark> hang(const Mutant& mutant) const;
  std::optional<BiteMark> prove(const Mutant& mutant, const Profile& mutated, Bite bite,
                                PropertySet properties) const;
  bool is_equal(const Mutant& mutant, const Profile& mutated) const;

  const Profile& k_;
  const std::vector<KernelRecording>& recordings_;
  std::stop_token stop_;
  std::vector<std::string> scopes_;  // that are explored, those of fewest states first
};

}  // namespace hmm
