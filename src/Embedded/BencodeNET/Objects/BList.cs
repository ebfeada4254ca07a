using System.Collections;
using System.Text;

namespace BencodeNET.Objects;

public class BList : BObject<IList<IBObject>>, IList<IBObject>
{
    private readonly List<IBObject> _items = [];

    public BList()
    {
    }

    public BList(IEnumerable<string> strings)
        : this(strings, Encoding.UTF8)
    {
    }

    public BList(IEnumerable<string> strings, Encoding encoding)
    {
        foreach (var text in strings)
            Add(text, encoding);
    }

    public BList(IEnumerable<IBObject> objects)
    {
        foreach (var item in objects)
            Add(item);
    }

    public override IList<IBObject> Value => _items;

    public int Count => _items.Count;

    public bool IsReadOnly => false;

    public IBObject this[int index]
    {
        get => _items[index];
        set => _items[index] = value ?? throw new ArgumentNullException(nameof(value));
    }

    public void Add(string value) => Add(new BString(value));

    public void Add(string value, Encoding encoding) => Add(new BString(value, encoding));

    public void Add(int value) => Add((IBObject)new BNumber(value));

    public void Add(long value) => Add((IBObject)new BNumber(value));

    public void Add(IBObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _items.Add(item);
    }

    public void AddRange(BList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        foreach (var item in list)
            Add(item);
    }

    public T Get<T>(int index)
        where T : class, IBObject => this[index] as T;

    public IEnumerable<string> AsStrings() => AsStrings(Encoding.UTF8);

    public IEnumerable<string> AsStrings(Encoding encoding)
    {
        var texts = new List<string>(_items.Count);
        foreach (var item in _items)
        {
            texts.Add(item is BString text
                ? text.ToString(encoding)
                : throw new InvalidCastException($"The list contains an item of type {item.GetType().Name}, not {nameof(BString)}."));
        }

        return texts;
    }

    public IEnumerable<long> AsNumbers()
    {
        var numbers = new List<long>(_items.Count);
        foreach (var item in _items)
        {
            numbers.Add(item is BNumber number
                ? number.Value
                : throw new InvalidCastException($"The list contains an item of type {item.GetType().Name}, not {nameof(BNumber)}."));
        }

        return numbers;
    }

    public BList<T> AsType<T>()
        where T : class, IBObject => new(_items.Cast<T>());

    public override int GetSizeInBytes()
    {
        var size = 2;
        foreach (var item in _items)
            size += item.GetSizeInBytes();
        return size;
    }

    public void Clear() => _items.Clear();

    public bool Contains(IBObject item) => _items.Contains(item);

    public void CopyTo(IBObject[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public IEnumerator<IBObject> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public int IndexOf(IBObject item) => _items.IndexOf(item);

    public void Insert(int index, IBObject item) => _items.Insert(index, item);

    public bool Remove(IBObject item) => _items.Remove(item);

    public void RemoveAt(int index) => _items.RemoveAt(index);

    protected override void EncodeObject(Stream stream)
    {
        stream.WriteByte((byte)'l');
        foreach (var item in _items)
            item.EncodeTo(stream);
        stream.WriteByte((byte)'e');
    }
}
