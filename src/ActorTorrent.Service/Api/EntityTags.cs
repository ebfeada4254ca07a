using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ActorTorrent.Service.Api;

/// <summary>The lists of entity tags that requests carry (RFC 9110).</summary>
internal static class EntityTags
{
    /// <summary>Whether a list names a tag, or all by <c>*</c>. Weak tags count.</summary>
    /// <param name="header">The header's values.</param>
    /// <param name="tag">The tag, without quotes.</param>
    public static bool Contains(StringValues header, string tag) => Any(header, other => other == tag);

    /// <summary>Whether a list names a tag that passes a test, or all by <c>*</c>.</summary>
    public static bool Any(StringValues header, Func<string, bool> isIt)
    {
        if (header.Count == 0 || !EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags))
            return false;
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || isIt(tag.Tag.Value!.Trim('"')));
    }
}
