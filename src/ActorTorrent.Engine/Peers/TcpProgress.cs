using System.Net.Sockets;

namespace ActorTorrent.Engine.Peers;

/// <summary>How far the other side of a TCP connection has come with what we sent, as the system counts it.</summary>
internal static class TcpProgress
{
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int BytesAcknowledgedAt = 120;

    /// <summary>Bytes that the other side has acknowledged since the connection began; null where the system does not tell.</summary>
    /// <param name="socket">A connected socket.</param>
    public static long? Acknowledged(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> info = stackalloc byte[BytesAcknowledgedAt + sizeof(long)];
        try
        {
            if (socket.GetRawSocketOption(TcpLevel, TcpInfo, info) < info.Length)
                return null;
        }
        catch (SocketException)
        {
            // It has just ended; the send under way says so.
            return null;
        }
        // The kernel writes its numbers as the processor does.
        return BitConverter.ToInt64(info[BytesAcknowledgedAt..]);
    }
}
