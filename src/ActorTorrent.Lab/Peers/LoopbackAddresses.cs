using System.Net;

namespace ActorTorrent.Lab.Peers;

/// <summary>Hands out addresses of 127.0.0.0/8, each once in this process until all sixteen million are used.</summary>
public static class LoopbackAddresses
{
    private const int First = 0x7F01_0000;
    private const int Count = 0x00FE_FFFF;

    private static int _last;

    /// <summary>The next address, from 127.1.0.1 on; none ends in 0 or 255.</summary>
    public static IPAddress Next()
    {
        while (true)
        {
            var number = (uint)Interlocked.Increment(ref _last) % Count;
            if ((number & 0xFF) is not (0 or 0xFF))
                return new IPAddress(unchecked((uint)IPAddress.HostToNetworkOrder((int)(First + number))));
        }
    }
}
