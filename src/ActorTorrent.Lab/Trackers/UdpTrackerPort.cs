using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Lab.Trackers;

/// <summary>
/// The UDP side of a <see cref="LabTracker"/> (BEP 15). Keeps nothing of its clients: a connection id is a keyed hash of the client's
/// address and the minute, good for that minute and the next.
/// </summary>
internal sealed class UdpTrackerPort : IAsyncDisposable
{
    private const int LongestRequest = 4 << 10;
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(1);

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly Func<UdpRequest, IPEndPoint, byte[]> _answer;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    /// <summary>Opens the port.</summary>
    /// <param name="endPoint">Where; IPv6's any address is IPv4's, too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="answer">Answers announces and scrapes.</param>
    /// <exception cref="SocketException">The port cannot be had.</exception>
    public UdpTrackerPort(IPEndPoint endPoint, TimeProvider time, Func<UdpRequest, IPEndPoint, byte[]> answer)
    {
        _time = time;
        _answer = answer;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                _socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            _socket.Bind(endPoint);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>What is done wrong at this moment.</summary>
    public Func<UdpTrackerFault?> Fault { get; init; } = () => null;

    /// <summary>Called for each question.</summary>
    public Action<UdpRequest>? OnRequest { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _serving.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[LongestRequest];
        var anyone = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stopping.Token).ConfigureAwait(false);
                var from = (IPEndPoint)received.RemoteEndPoint;
                var client = from.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(from.Address.MapToIPv4(), from.Port) : from;
                if (Answer(buffer.AsSpan(0, received.ReceivedBytes), client) is { } answer)
                    await _socket.SendToAsync(answer, SocketFlags.None, from, _stopping.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A client that has gone, or we are: the next one may be there.
                continue;
            }
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> datagram, IPEndPoint client)
    {
        if (!UdpTrackerServer.TryRead(datagram, out var request))
            return null;
        OnRequest?.Invoke(request);
        var fault = Fault();
        if (fault is UdpTrackerFault.Silent)
            return null;
        if (fault is UdpTrackerFault.Error error)
            return UdpTrackerServer.WriteError(request.TransactionId, error.Text);
        var answer = request switch
        {
            UdpRequest.Connect => UdpTrackerServer.WriteConnect(request.TransactionId, ConnectionId(client.Address, CurrentSlot)),
            UdpRequest.Announce announce when !IsGood(announce.ConnectionId, client.Address, fault) => Stranger(request),
            UdpRequest.Scrape scrape when !IsGood(scrape.ConnectionId, client.Address, fault) => Stranger(request),
            _ => _answer(request, client),
        };
        switch (fault)
        {
            case UdpTrackerFault.WrongTransactionId:
                answer[4] ^= 0xFF;
                break;
            case UdpTrackerFault.WrongAction wrong:
                BinaryPrimitives.WriteInt32BigEndian(answer, wrong.Action);
                break;
            case UdpTrackerFault.Truncated truncated when request is not UdpRequest.Connect:
                return answer[..Math.Min(answer.Length, truncated.Length)];
        }
        return answer;
    }

    private long CurrentSlot => _time.GetUtcNow().UtcTicks / Slot.Ticks;

    private static byte[] Stranger(UdpRequest request) => UdpTrackerServer.WriteError(request.TransactionId, "That connection id is not known.");

    private bool IsGood(ulong connectionId, IPAddress address, UdpTrackerFault? fault) => fault is not UdpTrackerFault.ForgetsConnections
        && (connectionId == ConnectionId(address, CurrentSlot) || connectionId == ConnectionId(address, CurrentSlot - 1));

    private ulong ConnectionId(IPAddress address, long slot)
    {
        Span<byte> text = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(text, slot);
        address.TryWriteBytes(text[8..], out var length);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, text[..(8 + length)], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
