#include "traces/under_way.h"

#include <semaphore.h>

#include <algorithm>
#include <array>
#include <thread>

namespace hmm {
namespace {

// Ends a call that nobody goes on with.
struct Cancelled {};

// Who waits sleeps: std::binary_semaphore looks a few times first and yields in between, which on a
// busy machine is long.
class Baton {
 public:
  Baton() { sem_init(&semaphore_, 0, 0); }
  Baton(const Baton&) = delete;
  ~Baton() { sem_destroy(&semaphore_); }
  void release() { sem_post(&semaphore_); }
  void acquire() {
    while (sem_wait(&semaphore_) != 0) {
    }
  }

 private:
  sem_t semaphore_{};
};

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

  bool is_in_queue() const { return queue_.number != 0; }
  // It was held, or has ended, since it was last asked for.
  bool is_news = false;

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
  void lock(unsigned mm, bool to_write, bool takes_it) override {
    locks_[mm][to_write ? 1 : 0] += takes_it ? 1 : -1;
  }
  bool has_lock(unsigned mm, bool to_write) const override {
    return locks_[mm][to_write ? 1 : 0] > 0;
  }
  bool others_have_lock(unsigned mm, bool to_write) const override {
    return others([&](const Lane& other) { return other.has_lock(mm, to_write); });
  }
  void queue(unsigned mm, bool to_write, bool waits) override {
    queue_ = waits ? Place{mm, to_write, ++all_.queued_} : Place{};
  }
  bool is_behind_others(unsigned mm) const override {
    return others([&](const Lane& other) {
      const Place& before = other.queue_;
      return before.number != 0 && before.mm == mm && before.number < queue_.number &&
             (before.to_write || queue_.to_write);
    });
  }
  bool others_queue(unsigned mm) const override {
    return others([mm](const Lane& other) { return other.is_in_queue() && other.queue_.mm == mm; });
  }
  void races() override { all_.races_ = true; }
  bool queues_to_write() const { return is_in_queue() && queue_.to_write; }
  bool queues_beside(const Lane& other) const {
    return is_in_queue() && other.is_in_queue() && queue_.mm == other.queue_.mm && this != &other;
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
  std::array<std::array<int, 2>, D::scope.mms> locks_{};  // how often, for reading and to write
  // Where it waits for one; the number is 0 if it does not.
  struct Place {
    unsigned mm = 0;
    bool to_write = false;
    std::size_t number = 0;
  } queue_{};
  std::thread thread_;
  Baton turn_, stopped_;
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
    // A range ends before its lock is given back.
    for (const bool queues : {false, true})
      for (std::size_t i = 0; i < lanes_.size() && !caller.is_stuck(); ++i) {
        Lane& lane = *lanes_[i];
        if (lane.at() != Lane::At::waits || lane.is_in_queue() != queues) continue;
        lane.go_on();
        lane.is_news = lane.at() != Lane::At::waits;
        is_further = is_further || lane.is_news;
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

std::size_t UnderWay::queue_length() const {
  return static_cast<std::size_t>(std::count_if(
      lanes_.begin(), lanes_.end(), [](const auto& one) { return one->is_in_queue(); }));
}
bool UnderWay::is_a_race() const {
  return std::any_of(lanes_.begin(), lanes_.end(), [&](const auto& one) {
    return one->queues_to_write() &&
           std::any_of(lanes_.begin(), lanes_.end(),
                       [&](const auto& other) { return one->queues_beside(*other); });
  });
}

// `at FUNCTION` or `after FUNCTION`.
bool UnderWay::is_known(std::string_view place) {
  return std::find(kPlaces.begin(), kPlaces.end(), place.substr(place.find(' ') + 1)) !=
         kPlaces.end();
}

CallResult UnderWay::call(unsigned mm, const Call& what, std::string_view place) {
  world_.caller.walked_freed_anon_vma = false;
  world_.caller.unknown = {};
  if (!place.empty() && !is_known(place)) return unknown_call("a call held where the model is not");
  if (lanes_.empty() && place.empty()) return world_.call(mm, what);
  Lane* lane = find(mm, what);
  if (lane == nullptr) {
    auto fresh = new_lane(mm, what);
    if (fresh == nullptr) return unknown_call("more calls under way than the scope has slots for");
    lane = fresh.get();
    lanes_.push_back(std::move(fresh));
  }
  const bool stands = lane->at() == Lane::At::waits || lane->is_news;
  lane->is_news = false;
  if (!stands || lane->at() == Lane::At::waits) lane->hold_at(place);
  if (!stands) lane->go_on();
  const bool race = is_a_race();
  const std::size_t queued = queue_length();
  settle();
  lane->is_news = false;
  // Who is first when a lock is given back is the scheduler's to say: a reader may take it before a
  // writer that waits (kernel/locking/rwsem.c rwsem_down_read_slowpath()).
  if (races_ || (race && queue_length() != queued))
    return unknown_call("calls that waited for the mmap lock together, one of them to write");
  if (!world_.caller.unknown.empty()) return unknown_call(world_.caller.unknown);
  const CallResult result = result_of(*lane);
  const call::Row& row = row_of(what);
  const bool is_held = result.is(Outcome::held);
  const auto unknown = is_held          ? row.unknown_if_held
                       : !place.empty() ? row.unknown_unless_held
                                        : std::string_view{};
  return unknown.empty() ? result : unknown_call(unknown);
}

}  // namespace hmm
