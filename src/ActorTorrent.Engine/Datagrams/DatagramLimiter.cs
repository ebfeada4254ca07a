using System.Net;

namespace ActorTorrent.Engine.Datagrams;

/// <summary>
/// Tells a flood from traffic: so many datagrams an address in a window, so many addresses. What is beyond is ignored until the window is
/// over; then everyone begins anew.
/// </summary>
/// <param name="most">Datagrams of one address.</param>
/// <param name="addresses">Addresses.</param>
/// <param name="window">How long they are counted.</param>
internal sealed class DatagramLimiter(int most, int addresses, TimeSpan window)
{
    private readonly Dictionary<IPAddress, int> _counts = [];
    private DateTimeOffset _end;

    /// <summary>Addresses that are counted; never more than allowed.</summary>
    public int Count => _counts.Count;

    /// <summary>Whether a datagram of this address is read.</summary>
    public bool Allows(IPAddress address, DateTimeOffset now)
    {
        // A clock that is set back must not keep a window open.
        if (now >= _end || _end - now > window)
        {
            _counts.Clear();
            _end = now + window;
        }
        if (!_counts.TryGetValue(address, out var count) && _counts.Count >= addresses)
            return false;
        if (count >= most)
            return false;
        _counts[address] = count + 1;
        return true;
    }
}
