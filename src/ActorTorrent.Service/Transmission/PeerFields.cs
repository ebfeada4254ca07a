using System.Text;
using System.Text.Json;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary>A peer as <c>torrent-get</c> writes it.</summary>
internal static class PeerFields
{
    /// <summary>Writes a peer's object.</summary>
    public static void Write(Utf8JsonWriter writer, PeerStatus peer, TorrentView torrent)
    {
        var isDownloading = peer is { AreWeInterested: true, IsChokingUs: false };
        var isUploading = peer is { IsInterested: true, AreWeChoking: false };
        var total = torrent.Metainfo?.Layout.PieceCount ?? 0;
        writer.WriteStartObject();
        writer.WriteString("address", Plain(peer.EndPoint.Address).ToString());
        writer.WriteBoolean("clientIsChoked", peer.IsChokingUs);
        writer.WriteBoolean("clientIsInterested", peer.AreWeInterested);
        writer.WriteString("clientName", peer.Client ?? "");
        writer.WriteString("flagStr", Flags(peer, isDownloading, isUploading));
        writer.WriteBoolean("isDownloadingFrom", isDownloading);
        writer.WriteBoolean("isEncrypted", false);
        writer.WriteBoolean("isIncoming", peer.Direction == PeerDirection.Incoming);
        writer.WriteBoolean("isUploadingTo", isUploading);
        writer.WriteBoolean("isUTP", false);
        writer.WriteBoolean("peerIsChoked", peer.AreWeChoking);
        writer.WriteBoolean("peerIsInterested", peer.IsInterested);
        writer.WriteNumber("port", peer.EndPoint.Port);
        writer.WriteNumber("progress", peer.IsSeed ? 1 : total > 0 ? (double)peer.Pieces / total : 0);
        writer.WriteNumber("rateToClient", (long)peer.DownloadRate);
        writer.WriteNumber("rateToPeer", (long)peer.UploadRate);
        writer.WriteEndObject();
    }

    /// <summary>The letters by which Transmission's clients show a peer's state.</summary>
    private static string Flags(PeerStatus peer, bool isDownloading, bool isUploading)
    {
        var flags = new StringBuilder();
        if (peer.IsOptimistic)
            flags.Append('O');
        if (isDownloading)
            flags.Append('D');
        else if (peer.AreWeInterested)
            flags.Append('d');
        if (isUploading)
            flags.Append('U');
        else if (peer.IsInterested)
            flags.Append('u');
        if (peer is { IsChokingUs: false, AreWeInterested: false })
            flags.Append('K');
        if (peer is { AreWeChoking: false, IsInterested: false })
            flags.Append('?');
        if (peer.Sources.Contains(PeerSource.Dht))
            flags.Append('H');
        if (peer.Sources.Contains(PeerSource.Pex))
            flags.Append('X');
        if (peer.Direction == PeerDirection.Incoming)
            flags.Append('I');
        return flags.ToString();
    }

    private static System.Net.IPAddress Plain(System.Net.IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
