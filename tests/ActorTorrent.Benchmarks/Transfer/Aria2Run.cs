using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>One run of aria2: it listens once it has checked its files, and ends once it has everything.</summary>
internal sealed class Aria2Run : MeasuredRun
{
    public Aria2Run(ClientProcess process, int port)
        : base(process) => Port = port;

    public override Task ReadyAsync(CancellationToken stop) => Poll.Until(
        "aria2 listens",
        async () =>
        {
            Process.MustRun();
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Port, stop);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        stop);

    public override async Task<long> CompleteAsync(CancellationToken stop)
    {
        await Process.SucceedAsync(stop);
        return Stopwatch.GetTimestamp();
    }
}
