#include "traces/under_way.h"

#include <algorithm>
#include <array>
#include <semaphore>
#include <thread>

namespace hmm {
namespace {

// Ends a call that nobody goes on with.
struct Cancelled {};

}  // namespace

// A call, and the slots of the state that are its own.
class UnderWay::Lane final : public Turns {
 public:
  enum class At { begins, held, waits, ended };

  Lane(UnderWay& all, unsigned number, unsigned mm, const Call& what)
      : all_(all), number_(number), mm_(mm), what_(what) {}
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane() {
    if (thread_.joinable()) thread_.join();
  }
  // Before that: it is not to go on.
  void cancel() {
    cancelled_ = true;
    if (at_ != At::ended && thread_.joinable()) go_on();
  }

  bool is_of(unsigned mm, const Call& what) const { return mm_ == mm && what_ == what; }
  At at() const { return at_; }
  const CallResult& result() const { return result_; }
  std::string_view place() const { return place_; }
  void hold_at(std::string_view place) { place_ = place; }

  // Until it stops or ends.
  void go_on() {
    all_.world_.caller.turns = this;
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    turn_.release();
    stopped_.acquire();
    all_.world_.caller.turns = nullptr;
  }

  void enters(std::string_view function) override {
    if (is_place("at ", function)) stop(At::held);
  }
  void leaves(std::string_view function) override {
    if (is_place("after ", function)) stop(At::held);
  }
  bool wait() override {
    if (all_.lanes_.size() < 2) return false;
    stop(At::waits);
    return true;
  }
  unsigned lane() const override { return number_; }
  void read_locks(unsigned mm, bool takes_it) override { reads_[mm] += takes_it ? 1 : -1; }
  bool reads(unsigned mm) const override { return reads_[mm] > 0; }
  bool others_read(unsigned mm) const override {
    return others([mm](const Lane& other) { return other.reads(mm); });
  }
  void write_locks(unsigned mm, bool takes_it) override { writes_[mm] += takes_it ? 1 : -1; }
  bool writes(unsigned mm) const override { return writes_[mm] > 0; }
  bool others_write(unsigned mm) const override {
    return others([mm](const Lane& other) { return other.writes(mm); });
  }
  void write_waits(unsigned mm, bool does) override { write_waits_[mm] = does; }
  bool others_wait_to_write(unsigned mm) const override {
    return others([mm](const Lane& other) { return other.write_waits_[mm]; });
  }

 private:
  void run() {
    turn_.acquire();
    try {
      if (!cancelled_) result_ = all_.world_.call(mm_, what_);
    } catch (const Cancelled&) {
    }
    at_ = At::ended;
    stopped_.release();
  }
  void stop(At at) {
    at_ = at;
    stopped_.release();
    turn_.acquire();
    if (cancelled_) throw Cancelled{};
  }
  bool is_place(std::string_view when, std::string_view function) const {
    return place_.starts_with(when) && place_.substr(when.size()) == function;
  }
  template <class Is>
  bool others(Is&& is) const {
    return std::any_of(all_.lanes_.begin(), all_.lanes_.end(),
                       [&](const auto& one) { return one.get() != this && is(*one); });
  }

  UnderWay& all_;
  unsigned number_, mm_;
  Call what_;
  std::string_view place_{};
  CallResult result_{};
  At at_ = At::begins;
  bool cancelled_ = false;
  std::array<int, D::scope.mms> reads_{}, writes_{};
  std::array<bool, D::scope.mms> write_waits_{};
  std::thread thread_;
  std::binary_semaphore turn_{0}, stopped_{0};
};

UnderWay::UnderWay(World<D>& world) : world_(world) {}
UnderWay::~UnderWay() { cancel(); }

void UnderWay::cancel() {
  // A lane looks at the others as it ends.
  for (auto& lane : lanes_) lane->cancel();
  lanes_.clear();
}

UnderWay::Lane* UnderWay::find(unsigned mm, const Call& what) const {
  const auto found = std::find_if(lanes_.begin(), lanes_.end(),
                                  [&](const auto& one) { return one->is_of(mm, what); });
  return found == lanes_.end() ? nullptr : found->get();
}

std::unique_ptr<UnderWay::Lane> UnderWay::new_lane(unsigned mm, const Call& what) {
  for (unsigned number = 0; number < kCallsUnderWay; ++number)
    if (std::none_of(lanes_.begin(), lanes_.end(),
                     [&](const auto& one) { return one->lane() == number; }))
      return std::make_unique<Lane>(*this, number, mm, what);
  return nullptr;
}

// Those that wait look again, until none of them comes further: what one does that only tries again
// leaves everything as it was.
void UnderWay::settle() {
  constexpr unsigned kTurns = 64;
  auto& caller = world_.caller;
  for (unsigned turn = 0; !caller.is_stuck(); ++turn) {
    if (turn == kTurns) return caller.get_stuck("calls that wait by turns", Verdict::in_flight);
    const State<D> before = world_.state;
    bool is_further = false;
    for (std::size_t i = 0; i < lanes_.size() && !caller.is_stuck(); ++i) {
      if (lanes_[i]->at() != Lane::At::waits) continue;
      lanes_[i]->go_on();
      is_further = is_further || lanes_[i]->at() != Lane::At::waits;
    }
    if (!is_further && same(before, world_.state)) return;
  }
}

CallResult UnderWay::result_of(Lane& lane) {
  if (lane.at() == Lane::At::waits) return Outcome::waits;
  if (lane.at() == Lane::At::held) {
    CallResult held(Outcome::held);
    held.held_at = lane.place();
    return held;
  }
  const CallResult result = lane.result();
  std::erase_if(lanes_, [&](const auto& one) { return one.get() == &lane; });
  return result;
}

CallResult UnderWay::call(unsigned mm, const Call& what, std::string_view place) {
  world_.caller.walked_freed_anon_vma = false;
  if (lanes_.empty() && place.empty()) return world_.call(mm, what);
  Lane* lane = find(mm, what);
  if (lane == nullptr) {
    auto fresh = new_lane(mm, what);
    if (fresh == nullptr) return unknown_call("more calls under way than the scope has slots for");
    lane = fresh.get();
    lanes_.push_back(std::move(fresh));
  }
  lane->hold_at(place);
  if (lane->at() == Lane::At::begins || lane->at() == Lane::At::held) lane->go_on();
  settle();
  return result_of(*lane);
}

}  // namespace hmm
