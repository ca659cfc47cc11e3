#pragma once

namespace hmm {

// What a proof came to. unknown, where the solver gave up, and vacuous, where a claim is about
// nothing, are never a pass; out_of_scope says that the scope has none of what the step needs, or
// that no kernel of the profile takes it (properties/waivers.h).
enum class Answer { proved, refuted, unknown, vacuous, out_of_scope };

}  // namespace hmm
