using System.Net;
using System.Net.Sockets;
using ActorTorrent.Wire.Dht;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>What the <see cref="DhtActor"/> has of one family of addresses.</summary>
internal sealed class DhtSide(Socket socket) : IDisposable
{
    /// <summary>The family.</summary>
    public AddressFamily Family => Socket.AddressFamily;

    /// <summary>Its socket.</summary>
    public Socket Socket { get; } = socket;

    /// <summary>Where the next datagram goes; a byte more than the longest, so that a longer one shows.</summary>
    public byte[] Buffer { get; } = new byte[KrpcMessage.MaxLength + 1];

    /// <summary>The address of any sender.</summary>
    public IPEndPoint AnySender { get; } =
        new(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);

    /// <summary>Its node.</summary>
    public DhtNode? Node { get; set; }

    /// <summary>Nodes known from earlier that have not been tried yet.</summary>
    public IReadOnlyList<NodeContact> Saved { get; set; } = [];

    /// <summary>The lookup of our own place that is under way, or the look-up of host names before it.</summary>
    public bool IsBootstrapping { get; set; }

    /// <summary>Whether those whom everybody asks first were asked, and not only whom we knew before.</summary>
    public bool HasAskedHosts { get; set; }

    /// <summary>Not before then is it tried again.</summary>
    public TimeSpan BootstrapAt { get; set; }

    /// <summary>The pause after the next failure.</summary>
    public TimeSpan BootstrapPause { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
