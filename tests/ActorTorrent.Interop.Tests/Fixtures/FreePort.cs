using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>
/// Ports for programs that must be told one. They come from below the range that the kernel hands out by itself, so that no
/// outgoing connection takes one between the choice and its use.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Last = 31_999;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Taken = [];

    public static int Next()
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < 1_000; attempt++)
            {
                var port = Random.Shared.Next(First, Last + 1);
                if (IsFree(port) && Taken.Add(port))
                    return port;
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {Last} was found.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(new IPEndPoint(IPAddress.Any, port));
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
