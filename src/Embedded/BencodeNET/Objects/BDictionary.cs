using System.Collections;

namespace BencodeNET.Objects;

public sealed class BDictionary : BObject<IDictionary<BString, IBObject>>, IDictionary<BString, IBObject>
{
    // Keys are written in order of their bytes; keeping them so makes every encoding canonical.
    private readonly SortedDictionary<BString, IBObject> _items = [];

    public BDictionary()
    {
    }

    public BDictionary(IEnumerable<KeyValuePair<BString, IBObject>> keyValuePairs)
    {
        foreach (var (key, value) in keyValuePairs)
            Add(key, value);
    }

    public BDictionary(IDictionary<BString, IBObject> dictionary)
        : this((IEnumerable<KeyValuePair<BString, IBObject>>)dictionary)
    {
    }

    public override IDictionary<BString, IBObject> Value => _items;

    public int Count => _items.Count;

    public bool IsReadOnly => false;

    public ICollection<BString> Keys => _items.Keys;

    public ICollection<IBObject> Values => _items.Values;

    public IBObject this[BString key]
    {
        get => _items.TryGetValue(key, out var value) ? value : null;
        set => _items[key] = value ?? throw new ArgumentNullException(nameof(value), "A null value cannot be added to a BDictionary");
    }

    public void Add(string key, string value) => Add(new BString(key), new BString(value));

    public void Add(string key, long value) => Add(new BString(key), new BNumber(value));

    public void Add(KeyValuePair<BString, IBObject> item) => Add(item.Key, item.Value);

    public void Add(BString key, IBObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _items.Add(key, value);
    }

    public T Get<T>(BString key)
        where T : class, IBObject => this[key] as T;

    public void MergeWith(BDictionary dictionary, ExistingKeyAction existingKeyAction = ExistingKeyAction.Merge)
    {
        foreach (var (key, value) in dictionary)
        {
            if (!_items.TryGetValue(key, out var existing))
            {
                _items.Add(key, value);
                continue;
            }

            switch (existingKeyAction)
            {
                case ExistingKeyAction.Skip:
                    break;
                case ExistingKeyAction.Merge when existing is BList own && value is BList other:
                    own.AddRange(other);
                    break;
                case ExistingKeyAction.Merge when existing is BDictionary own && value is BDictionary other:
                    own.MergeWith(other);
                    break;
                default:
                    _items[key] = value;
                    break;
            }
        }
    }

    public override int GetSizeInBytes()
    {
        var size = 2;
        foreach (var (key, value) in _items)
            size += key.GetSizeInBytes() + value.GetSizeInBytes();
        return size;
    }

    public void Clear() => _items.Clear();

    public bool Contains(KeyValuePair<BString, IBObject> item) => ((ICollection<KeyValuePair<BString, IBObject>>)_items).Contains(item);

    public bool ContainsKey(BString key) => _items.ContainsKey(key);

    public void CopyTo(KeyValuePair<BString, IBObject>[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<BString, IBObject>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Remove(BString key) => _items.Remove(key);

    public bool Remove(KeyValuePair<BString, IBObject> item) => Contains(item) && _items.Remove(item.Key);

    public bool TryGetValue(BString key, out IBObject value) => _items.TryGetValue(key, out value);

    protected override void EncodeObject(Stream stream)
    {
        stream.WriteByte((byte)'d');
        foreach (var (key, value) in _items)
        {
            key.Write(stream);
            value.EncodeTo(stream);
        }

        stream.WriteByte((byte)'e');
    }
}
