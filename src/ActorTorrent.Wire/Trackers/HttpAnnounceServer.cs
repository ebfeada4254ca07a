using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using BencodeNET.Objects;

namespace ActorTorrent.Wire.Trackers;

/// <summary>The tracker's side of HTTP announces (BEP 3; compact peers BEP 23, IPv6 BEP 7, own address BEP 24).</summary>
public static class HttpAnnounceServer
{
    /// <summary>Reads an announce.</summary>
    /// <param name="rawQuery">The URL's query as it came, still escaped, with or without the leading question mark.</param>
    /// <param name="query">What was read.</param>
    /// <param name="error">What is wrong, fit for <see cref="WriteFailure"/>, when nothing was read.</param>
    public static bool TryParse(string rawQuery, [NotNullWhen(true)] out AnnounceQuery? query, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(rawQuery);
        query = null;
        if (!QueryText.TrySplit(rawQuery, out var fields, out error))
            return false;
        byte[]? infoHash = null, peerId = null, trackerId = null;
        IPAddress? address = null;
        long port = -1, uploaded = 0, downloaded = 0, left = long.MaxValue, wanted = -1, compact = 1, noPeerId = 0;
        var key = 0u;
        var why = AnnounceEvent.None;
        foreach (var (name, value) in fields)
        {
            var isRight = true;
            switch (name)
            {
                case "info_hash":
                    infoHash = value;
                    isRight = value.Length == InfoHash.Length;
                    break;
                case "peer_id":
                    peerId = value;
                    isRight = value.Length == PeerId.Length;
                    break;
                case "port":
                    isRight = TryNumber(value, out port) && port <= ushort.MaxValue;
                    break;
                case "uploaded":
                    isRight = TryNumber(value, out uploaded);
                    break;
                case "downloaded":
                    isRight = TryNumber(value, out downloaded);
                    break;
                case "left":
                    isRight = TryNumber(value, out left);
                    break;
                case "numwant":
                    // A negative number is how some clients say that they do not care.
                    wanted = TryNumber(value, out var number) ? Math.Min(number, int.MaxValue) : -1;
                    break;
                case "compact":
                    isRight = TryNumber(value, out compact);
                    break;
                case "no_peer_id":
                    isRight = TryNumber(value, out noPeerId);
                    break;
                case "key":
                    key = ReadKey(value);
                    break;
                case "event":
                    isRight = TryEvent(value, out why);
                    break;
                case "trackerid":
                    trackerId = value;
                    break;
                case "ip":
                    // A host name is allowed there and of no use.
                    _ = IPAddress.TryParse(Encoding.Latin1.GetString(value), out address);
                    break;
            }
            if (!isRight)
            {
                error = $"{name} is not what it should be";
                return false;
            }
        }
        error = infoHash is null ? "info_hash is missing" : peerId is null ? "peer_id is missing" : port < 0 ? "port is missing" : null;
        if (error is not null)
            return false;
        var request = new AnnounceRequest(
            new InfoHash(infoHash),
            new PeerId(peerId),
            (ushort)port,
            uploaded,
            downloaded,
            left,
            why,
            (int)wanted,
            key,
            trackerId is null ? null : Encoding.UTF8.GetString(trackerId));
        query = new AnnounceQuery(request, compact != 0, noPeerId != 0, address);
        return true;
    }

    /// <summary>Writes an answer; <see cref="HttpAnnounce.ParseResponse"/> reads it.</summary>
    /// <param name="response">What to answer; intervals are cut to whole seconds, <see cref="AnnounceResponse.SkippedPeers"/> is not sent.</param>
    /// <param name="compact">Peers as bytes, IPv4 and IPv6 apart, without their ids; otherwise as a list of dictionaries.</param>
    /// <param name="noPeerId">Whether the dictionaries go without ids.</param>
    public static byte[] WriteResponse(AnnounceResponse response, bool compact, bool noPeerId = false)
    {
        ArgumentNullException.ThrowIfNull(response);
        var answer = new BDictionary { ["interval"] = new BNumber((long)response.Interval.TotalSeconds) };
        if (response.MinInterval is { } least)
            answer["min interval"] = new BNumber((long)least.TotalSeconds);
        if (response.Seeders is { } seeders)
            answer["complete"] = new BNumber(seeders);
        if (response.Leechers is { } leechers)
            answer["incomplete"] = new BNumber(leechers);
        if (response.Warning is { } warning)
            answer["warning message"] = new BString(warning);
        if (response.TrackerId is { } id)
            answer["tracker id"] = new BString(id);
        if (response.ExternalIp is { } address)
            answer["external ip"] = new BString(address.GetAddressBytes());
        if (compact)
        {
            answer["peers"] = Compact(response.Peers, AddressFamily.InterNetwork);
            if (response.Peers.Any(peer => peer.EndPoint.AddressFamily == AddressFamily.InterNetworkV6))
                answer["peers6"] = Compact(response.Peers, AddressFamily.InterNetworkV6);
        }
        else
            answer["peers"] = new BList(response.Peers.Select(peer => Dictionary(peer, noPeerId)));
        return answer.EncodeAsBytes();
    }

    /// <summary>Writes a refusal.</summary>
    /// <param name="reason">Why, for people to read.</param>
    public static byte[] WriteFailure(string reason) =>
        new BDictionary { ["failure reason"] = new BString(reason) }.EncodeAsBytes();

    private static BString Compact(IReadOnlyList<TrackerPeer> peers, AddressFamily family)
    {
        var bytes = new byte[peers.Count * CompactPeers.V6Length];
        var length = 0;
        foreach (var peer in peers)
        {
            if (peer.EndPoint.AddressFamily == family)
                length += CompactPeers.Write(bytes.AsSpan(length), peer.EndPoint);
        }
        return new BString(bytes[..length]);
    }

    private static IBObject Dictionary(TrackerPeer peer, bool noPeerId)
    {
        var result = new BDictionary
        {
            ["ip"] = new BString(peer.EndPoint.Address.ToString()),
            ["port"] = new BNumber(peer.EndPoint.Port),
        };
        if (!noPeerId && peer.PeerId is { } id)
            result["peer id"] = new BString(id.ToArray());
        return result;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && value >= 0;

    /// <summary>Our clients send eight hex digits; what others send is only told apart.</summary>
    private static uint ReadKey(byte[] text)
    {
        if (text.Length <= 8 && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key))
            return key;
        var hash = 2166136261u;
        foreach (var value in text)
            hash = (hash ^ value) * 16777619u;
        return hash;
    }

    private static bool TryEvent(ReadOnlySpan<byte> text, out AnnounceEvent value)
    {
        (value, var isKnown) = Encoding.Latin1.GetString(text) switch
        {
            "" or "empty" => (AnnounceEvent.None, true),
            "started" => (AnnounceEvent.Started, true),
            "completed" => (AnnounceEvent.Completed, true),
            "stopped" => (AnnounceEvent.Stopped, true),
            // BEP 21: a partial seed keeps announcing with this one.
            "paused" => (AnnounceEvent.None, true),
            _ => (AnnounceEvent.None, false),
        };
        return isKnown;
    }
}
