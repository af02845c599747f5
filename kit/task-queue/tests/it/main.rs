//! The suite that every task queue passes, on the queues in memory.

use kit_task_queue::MemoryQueue;

kit_testkit::task_queue_contract!(MemoryQueue::default());
