#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace hmm {

// Allocates large blocks on huge pages where the system gives them on request: a search's tables
// are read at random, and with small pages most reads miss the TLB as well as the cache.
template <class T>
struct HugePages {
  using value_type = T;
  static constexpr std::size_t kHuge = std::size_t{2} << 20;

  HugePages() = default;
  template <class U>
  HugePages(const HugePages<U>&) {}

  T* allocate(std::size_t n) {
    const std::size_t bytes = n * sizeof(T);
    if (bytes < kHuge) return static_cast<T*>(::operator new(bytes));
    void* const block = ::operator new (bytes, std::align_val_t{kHuge});
    // Only advice: without huge pages it is slower, not wrong.
    (void)madvise(block, bytes, MADV_HUGEPAGE);
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t n) {
    if (n * sizeof(T) < kHuge)
      ::operator delete(block);
    else
      ::operator delete (block, std::align_val_t{kHuge});
  }
  friend bool operator==(const HugePages&, const HugePages&) { return true; }
};

}  // namespace hmm
