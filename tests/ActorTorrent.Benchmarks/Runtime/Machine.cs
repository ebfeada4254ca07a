using System.Runtime;
using System.Runtime.InteropServices;
using Akka.Actor;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Cores, runtime, collector and actor packages, on one line.</summary>
    public static string Describe()
    {
        var actors = typeof(ActorSystem).Assembly.GetName();
        var collector = GCSettings.IsServerGC ? "server" : "workstation";
        return $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {collector} GC, {actors.Name} {actors.Version}";
    }

    /// <summary>Bytes that live on the managed heap, after all that is dead is gone.</summary>
    public static long LiveBytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
