using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Engine.Tests.Connecting;

/// <summary>
/// Takes one connection and plays a script on it: each step waits for so many bytes and then answers. What it got is kept.
/// </summary>
internal sealed class ScriptedProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedProxy(params (int Expected, byte[] Answer)[] steps)
    {
        _listener.Start();
        Done = PlayAsync(steps);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends with everything that came once the script is played and the other side has closed.</summary>
    public Task<byte[]> Done { get; }

    public void Dispose() => _listener.Dispose();

    private async Task<byte[]> PlayAsync((int Expected, byte[] Answer)[] steps)
    {
        using var socket = await _listener.AcceptSocketAsync();
        var all = new List<byte>();
        var buffer = new byte[1024];
        foreach (var (expected, answer) in steps)
        {
            for (var read = 0; read < expected;)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(0, expected - read));
                if (count == 0)
                    return [.. all];
                all.AddRange(buffer.AsSpan(0, count));
                read += count;
            }
            // Byte by byte: no end may depend on how the answer is cut.
            socket.NoDelay = true;
            foreach (var one in answer)
                await socket.SendAsync(new[] { one });
        }
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(buffer) is > 0 and var count)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }
}
