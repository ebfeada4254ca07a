using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Finds out under which address others see us, by the <c>yourip</c> that peers tell (BEP 10). A peer may lie: hosts vote, one vote each, and
/// an address counts once enough of them name it and more name it than any other of its family.
/// </summary>
internal sealed class OwnAddress
{
    /// <summary>How many hosts must agree.</summary>
    public const int Quorum = 3;

    private const int MaxVoters = 256;

    private readonly Dictionary<IPAddress, IPAddress> _votes = [];

    /// <summary>Our IPv4 address; null while it is not known.</summary>
    public IPAddress? V4 { get; private set; }

    /// <summary>Our IPv6 address; null while it is not known.</summary>
    public IPAddress? V6 { get; private set; }

    /// <summary>Our address in a family; null while it is not known.</summary>
    public IPAddress? In(AddressFamily family) => family == AddressFamily.InterNetwork ? V4 : V6;

    /// <summary>Counts a vote; true when it changed what we believe.</summary>
    public bool Vote(IPAddress voter, IPAddress address)
    {
        if (_votes.Count >= MaxVoters && !_votes.ContainsKey(voter))
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        _votes[voter] = address;
        var before = In(address.AddressFamily);
        var winner = Winner(address.AddressFamily) ?? before;
        if (address.AddressFamily == AddressFamily.InterNetwork)
            V4 = winner;
        else
            V6 = winner;
        return !Equals(before, winner);
    }

    private IPAddress? Winner(AddressFamily family)
    {
        var counts = _votes.Values.Where(a => a.AddressFamily == family).CountBy(a => a).OrderByDescending(c => c.Value).Take(2).ToList();
        return counts is [{ Value: >= Quorum } first, ..] && (counts.Count == 1 || first.Value > counts[1].Value) ? first.Key : null;
    }
}
