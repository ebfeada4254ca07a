using System.Runtime.Versioning;

// These tests start real programs that want the machine for themselves: one test after the other.
[assembly: SupportedOSPlatform("linux")]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
