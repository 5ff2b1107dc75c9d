<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>AnswerActions</name>
        <message>
            <source>Copied</source>
            <translation>已复制</translation>
        </message>
        <message>
            <source>Copy answer</source>
            <translation>复制回答</translation>
        </message>
        <message>
            <source>Answer again</source>
            <translation>重新回答</translation>
        </message>
        <message>
            <source>Another answer is being written</source>
            <translation>正在写另一个回答</translation>
        </message>
        <message>
            <source>Continue in a new chat</source>
            <translation>在新对话中继续</translation>
        </message>
        <message>
            <source>More</source>
            <translation>更多</translation>
        </message>
        <message>
            <source>Hide statistics</source>
            <translation>隐藏统计</translation>
        </message>
        <message>
            <source>Show statistics</source>
            <translation>显示统计</translation>
        </message>
        <message>
            <source>Copy thought</source>
            <translation>复制思考</translation>
        </message>
        <message>
            <source>Delete answer</source>
            <translation>删除回答</translation>
        </message>
    </context>
    <context>
        <name>AppearanceForm</name>
        <message>
            <source>Appearance</source>
            <translation>外观</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>主题</translation>
        </message>
        <message>
            <source>Match system</source>
            <translation>跟随系统</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>浅色</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>深色</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>大小</translation>
        </message>
        <message>
            <source>Type and spacing together; Ctrl+Plus and Ctrl+Minus</source>
            <translation>文字与间距一起缩放，也可按 Ctrl+加号、Ctrl+减号</translation>
        </message>
        <message>
            <source>Size in per cent</source>
            <translation>大小（百分比）</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1%</translation>
        </message>
        <message>
            <source>High contrast</source>
            <translation>高对比度</translation>
        </message>
        <message>
            <source>Darker secondary text and stronger lines</source>
            <translation>次要文字更深，线条更清晰</translation>
        </message>
        <message>
            <source>Reduce motion</source>
            <translation>减少动效</translation>
        </message>
        <message>
            <source>Nothing fades, folds or blinks</source>
            <translation>不淡入、不折叠动画、不闪烁</translation>
        </message>
    </context>
    <context>
        <name>BlockItem</name>
        <message>
            <source>Done</source>
            <translation>已完成</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>未完成</translation>
        </message>
    </context>
    <context>
        <name>BranchSwitcher</name>
        <message>
            <source>Version %1 of %2</source>
            <translation>第 %1 个版本，共 %2 个</translation>
        </message>
        <message>
            <source>Earlier version</source>
            <translation>上一个版本</translation>
        </message>
        <message>
            <source>%1 / %2</source>
            <translation>%1 / %2</translation>
        </message>
        <message>
            <source>Later version</source>
            <translation>下一个版本</translation>
        </message>
    </context>
    <context>
        <name>ChatHeader</name>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Context %L1 of %L2</source>
            <translation>上下文 %L1 / %L2</translation>
        </message>
        <message>
            <source>Context in use</source>
            <translation>已用上下文</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>导出</translation>
        </message>
        <message>
            <source>Markdown…</source>
            <translation>Markdown…</translation>
        </message>
        <message>
            <source>JSON…</source>
            <translation>JSON…</translation>
        </message>
        <message>
            <source>More</source>
            <translation>更多</translation>
        </message>
        <message>
            <source>Choose a model…</source>
            <translation>选择模型…</translation>
        </message>
        <message>
            <source>Model: %1…</source>
            <translation>模型：%1…</translation>
        </message>
        <message>
            <source>Export as Markdown…</source>
            <translation>导出为 Markdown…</translation>
        </message>
        <message>
            <source>Copy the whole chat</source>
            <translation>复制整个对话</translation>
        </message>
        <message>
            <source>What the model reads…</source>
            <translation>模型读到的内容…</translation>
        </message>
        <message>
            <source>Hide statistics</source>
            <translation>隐藏统计</translation>
        </message>
        <message>
            <source>Show statistics</source>
            <translation>显示统计</translation>
        </message>
        <message>
            <source>Delete chat</source>
            <translation>删除对话</translation>
        </message>
    </context>
    <context>
        <name>ChatList</name>
        <message>
            <source>Conversation</source>
            <translation>对话内容</translation>
        </message>
        <message>
            <source>Messages</source>
            <translation>消息</translation>
        </message>
        <message>
            <source>Latest</source>
            <translation>最新</translation>
        </message>
    </context>
    <context>
        <name>ChatPage</name>
        <message>
            <source>This model continues text; it has not learned to chat.</source>
            <translation>这个模型只会续写文字，没有学过对话。</translation>
        </message>
        <message>
            <source>What are you thinking about?</source>
            <translation>在想什么？</translation>
        </message>
    </context>
    <context>
        <name>CodeBlock</name>
        <message>
            <source>Code</source>
            <translation>代码</translation>
        </message>
        <message>
            <source>Code, %1</source>
            <translation>代码，%1</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>已复制</translation>
        </message>
        <message>
            <source>Copy code</source>
            <translation>复制代码</translation>
        </message>
        <message numerus="yes">
            <source>Show %n more line(s)</source>
            <translation>
                <numerusform>再显示 %n 行</numerusform>
            </translation>
        </message>
        <message>
            <source>Show less</source>
            <translation>收起</translation>
        </message>
    </context>
    <context>
        <name>Composer</name>
        <message>
            <source>Message</source>
            <translation>消息</translation>
        </message>
        <message>
            <source>Reply, or wait for the answer</source>
            <translation>可以先写下一条，或等待回答</translation>
        </message>
        <message>
            <source>Text for the model to continue</source>
            <translation>输入文字，让模型接着写</translation>
        </message>
        <message>
            <source>Ask anything</source>
            <translation>想问什么都可以</translation>
        </message>
        <message>
            <source>Reply</source>
            <translation>回复</translation>
        </message>
    </context>
    <context>
        <name>ConversationList</name>
        <message>
            <source>Search results</source>
            <translation>搜索结果</translation>
        </message>
        <message>
            <source>Chats</source>
            <translation>对话</translation>
        </message>
    </context>
    <context>
        <name>ConversationMenu</name>
        <message>
            <source>Rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <source>Unpin</source>
            <translation>取消置顶</translation>
        </message>
        <message>
            <source>Pin</source>
            <translation>置顶</translation>
        </message>
        <message>
            <source>Put in a folder…</source>
            <translation>放入文件夹…</translation>
        </message>
        <message>
            <source>Move to another folder…</source>
            <translation>移到其他文件夹…</translation>
        </message>
        <message>
            <source>Take out of “%1”</source>
            <translation>移出“%1”</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>删除</translation>
        </message>
        <message>
            <source>Del</source>
            <translation>Del</translation>
        </message>
    </context>
    <context>
        <name>ConversationRow</name>
        <message>
            <source>%1, answering</source>
            <translation>%1，正在回答</translation>
        </message>
        <message>
            <source>Actions for %1</source>
            <translation>“%1”的操作</translation>
        </message>
        <message>
            <source>Name of the chat</source>
            <translation>对话名称</translation>
        </message>
    </context>
    <context>
        <name>DeviceChoice</name>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
    </context>
    <context>
        <name>EmptyChat</name>
        <message>
            <source>Explain a hard idea with a small example</source>
            <translation>用一个小例子讲清一个难懂的概念</translation>
        </message>
        <message>
            <source>Find the mistake in a calculation</source>
            <translation>找出一段计算里的错误</translation>
        </message>
        <message>
            <source>Write a short script and say how it works</source>
            <translation>写一段小脚本，并说明它如何工作</translation>
        </message>
    </context>
    <context>
        <name>ExportDialog</name>
        <message>
            <source>Export chat</source>
            <translation>导出对话</translation>
        </message>
        <message>
            <source>Markdown (*.md)</source>
            <translation>Markdown (*.md)</translation>
        </message>
        <message>
            <source>JSON (*.json)</source>
            <translation>JSON (*.json)</translation>
        </message>
    </context>
    <context>
        <name>Field</name>
        <message>
            <source>Clear</source>
            <translation>清除</translation>
        </message>
    </context>
    <context>
        <name>FirstRun</name>
        <message>
            <source>See how it thinks.</source>
            <translation>看清它如何思考。</translation>
        </message>
        <message>
            <source>Pellucid runs open reasoning models on this computer. No account, and nothing is sent anywhere unless you ask.</source>
            <translation>Pellucid 在这台电脑上运行开放的推理模型。无需账号；除非你要求，任何内容都不会发送出去。</translation>
        </message>
        <message>
            <source>Start with the small model</source>
            <translation>先用小模型试试</translation>
        </message>
        <message>
            <source>Putting %1 in place…</source>
            <translation>正在安放 %1…</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>开始</translation>
        </message>
        <message>
            <source>Use a model you already have</source>
            <translation>使用已有的模型</translation>
        </message>
        <message>
            <source>Choose a GGUF file, or drop one anywhere. It stays where it is.</source>
            <translation>选择一个 GGUF 文件，或把它拖到这里。文件会留在原处。</translation>
        </message>
        <message>
            <source>Choose file</source>
            <translation>选择文件</translation>
        </message>
        <message>
            <source>Look around without a model</source>
            <translation>先不用模型，随便看看</translation>
        </message>
        <message>
            <source>Everything stays on this computer</source>
            <translation>一切都留在这台电脑上</translation>
        </message>
    </context>
    <context>
        <name>FolderDialog</name>
        <message>
            <source>Put in a folder</source>
            <translation>放入文件夹</translation>
        </message>
        <message>
            <source>Type a new name, or choose a folder.</source>
            <translation>输入新名称，或选择已有的文件夹。</translation>
        </message>
        <message>
            <source>Move</source>
            <translation>移动</translation>
        </message>
        <message>
            <source>Folder name</source>
            <translation>文件夹名称</translation>
        </message>
    </context>
    <context>
        <name>FormRow</name>
        <message>
            <source>Changed from the default</source>
            <translation>已改动，与默认值不同</translation>
        </message>
        <message>
            <source>Reset</source>
            <translation>还原</translation>
        </message>
        <message>
            <source>Reset %1</source>
            <translation>还原“%1”</translation>
        </message>
    </context>
    <context>
        <name>GeneralForm</name>
        <message>
            <source>Language and start</source>
            <translation>语言与启动</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>Load the last model at start</source>
            <translation>启动时载入上次的模型</translation>
        </message>
        <message>
            <source>Off: it is loaded with the first message</source>
            <translation>关闭时，发送第一条消息才载入</translation>
        </message>
        <message>
            <source>Chats</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Follow the answer while it is written</source>
            <translation>书写回答时自动跟随</translation>
        </message>
        <message>
            <source>Scrolling up always stops it</source>
            <translation>向上滚动即停止跟随</translation>
        </message>
        <message>
            <source>Show statistics under answers</source>
            <translation>在回答下方显示统计</translation>
        </message>
        <message>
            <source>Speed, tokens and time to the first token</source>
            <translation>速度、词元数和首词元用时</translation>
        </message>
        <message>
            <source>Import chats</source>
            <translation>导入对话</translation>
        </message>
        <message>
            <source>From Pellucid, ChatGPT or LM Studio</source>
            <translation>可从 Pellucid、ChatGPT 或 LM Studio 导入</translation>
        </message>
        <message>
            <source>Choose file…</source>
            <translation>选择文件…</translation>
        </message>
        <message>
            <source>Export all chats</source>
            <translation>导出全部对话</translation>
        </message>
        <message>
            <source>One JSON file with every message and thought</source>
            <translation>全部消息与思考存为一个 JSON 文件</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>导出…</translation>
        </message>
        <message>
            <source>Folders</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>数据</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>打开</translation>
        </message>
        <message>
            <source>Open the data folder</source>
            <translation>打开数据文件夹</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Open the models folder</source>
            <translation>打开模型文件夹</translation>
        </message>
        <message>
            <source>Pellucid %1</source>
            <translation>Pellucid %1</translation>
        </message>
        <message>
            <source>JSON (*.json)</source>
            <translation>JSON (*.json)</translation>
        </message>
    </context>
    <context>
        <name>LanguageChoice</name>
        <message>
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>System language</source>
            <translation>系统语言</translation>
        </message>
    </context>
    <context>
        <name>LiveRegion</name>
        <message>
            <source>Status</source>
            <translation>状态</translation>
        </message>
    </context>
    <context>
        <name>MachineFacts</name>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>内存</translation>
        </message>
        <message>
            <source>Cores</source>
            <translation>核心</translation>
        </message>
        <message>
            <source>Free disk</source>
            <translation>可用磁盘</translation>
        </message>
    </context>
    <context>
        <name>MathBlock</name>
        <message>
            <source>Formula: %1</source>
            <translation>公式：%1</translation>
        </message>
        <message>
            <source>Copy TeX</source>
            <translation>复制 TeX</translation>
        </message>
    </context>
    <context>
        <name>MemoryBars</name>
        <message>
            <source>Memory plan</source>
            <translation>内存规划</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>内存</translation>
        </message>
    </context>
    <context>
        <name>MemoryPlan</name>
        <message>
            <source>Memory plan</source>
            <translation>内存规划</translation>
        </message>
    </context>
    <context>
        <name>MessageEditor</name>
        <message>
            <source>Edit the question</source>
            <translation>编辑问题</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <source>Ask</source>
            <translation>提问</translation>
        </message>
    </context>
    <context>
        <name>ModalDialog</name>
        <message>
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
    </context>
    <context>
        <name>ModelFileDialog</name>
        <message>
            <source>Choose a model</source>
            <translation>选择模型</translation>
        </message>
        <message>
            <source>GGUF models (*.gguf)</source>
            <translation>GGUF 模型 (*.gguf)</translation>
        </message>
    </context>
    <context>
        <name>ModelForm</name>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Think before answering</source>
            <translation>回答前先思考</translation>
        </message>
        <message>
            <source>Auto lets the model skip it for short questions</source>
            <translation>“自动”允许模型对简短问题直接作答</translation>
        </message>
        <message>
            <source>This model thinks as it was trained to</source>
            <translation>这个模型按训练时的方式思考</translation>
        </message>
        <message>
            <source>Auto</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Always</source>
            <translation>总是</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>从不</translation>
        </message>
        <message>
            <source>Budget</source>
            <translation>预算</translation>
        </message>
        <message>
            <source>Tokens; then it answers with what it has</source>
            <translation>以词元计，用完即按已有思路作答</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>Keep earlier thoughts in the context</source>
            <translation>在上下文中保留之前的思考</translation>
        </message>
        <message>
            <source>Where the model's template reads them</source>
            <translation>仅当模型的模板会读取时有效</translation>
        </message>
        <message>
            <source>Memory and device</source>
            <translation>内存与设备</translation>
        </message>
        <message>
            <source>Context length</source>
            <translation>上下文长度</translation>
        </message>
        <message>
            <source>Trained for %L1 tokens</source>
            <translation>训练长度 %L1 词元</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>词元</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Context cache</source>
            <translation>上下文缓存</translation>
        </message>
        <message>
            <source>8 bit takes half the memory</source>
            <translation>8 位只占一半内存</translation>
        </message>
        <message>
            <source>16 bit</source>
            <translation>16 位</translation>
        </message>
        <message>
            <source>8 bit</source>
            <translation>8 位</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>线程数</translation>
        </message>
    </context>
    <context>
        <name>ModelLoad</name>
        <message>
            <source>Cancel loading</source>
            <translation>取消载入</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>重试</translation>
        </message>
    </context>
    <context>
        <name>ModelMenu</name>
        <message>
            <source>Cancel loading</source>
            <translation>取消载入</translation>
        </message>
        <message>
            <source>Unload, and free its memory</source>
            <translation>卸载并释放内存</translation>
        </message>
        <message>
            <source>All models…</source>
            <translation>全部模型…</translation>
        </message>
    </context>
    <context>
        <name>ModelPicker</name>
        <message>
            <source>Choose a model</source>
            <translation>选择模型</translation>
        </message>
        <message>
            <source>Model: %1</source>
            <translation>模型：%1</translation>
        </message>
    </context>
    <context>
        <name>ModelRow</name>
        <message>
            <source>Loaded</source>
            <translation>已载入</translation>
        </message>
        <message>
            <source>Settings of %1</source>
            <translation>%1 的设置</translation>
        </message>
        <message>
            <source>Actions for %1</source>
            <translation>“%1”的操作</translation>
        </message>
        <message>
            <source>Use this model</source>
            <translation>使用此模型</translation>
        </message>
        <message>
            <source>Load again</source>
            <translation>重新载入</translation>
        </message>
        <message>
            <source>Unload, and free its memory</source>
            <translation>卸载并释放内存</translation>
        </message>
        <message>
            <source>Take off the list (the file stays)</source>
            <translation>从列表移除（保留文件）</translation>
        </message>
    </context>
    <context>
        <name>ModelsPage</name>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Look at the models folder again</source>
            <translation>重新查看模型文件夹</translation>
        </message>
        <message>
            <source>Add from disk</source>
            <translation>从磁盘添加</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>File</source>
            <translation>文件</translation>
        </message>
        <message>
            <source>On this computer</source>
            <translation>在这台电脑上</translation>
        </message>
        <message>
            <source>Models on this computer</source>
            <translation>这台电脑上的模型</translation>
        </message>
        <message>
            <source>GGUF files in %1 are listed by themselves.</source>
            <translation>放在 %1 的 GGUF 文件会自动列出。</translation>
        </message>
        <message>
            <source>No model yet. The small one that is included is ready in seconds.</source>
            <translation>还没有模型。随附的小模型几秒钟就能用。</translation>
        </message>
        <message>
            <source>No model yet. Choose a GGUF file; it stays where it is.</source>
            <translation>还没有模型。请选择一个 GGUF 文件，它会留在原处。</translation>
        </message>
        <message>
            <source>Start with %1</source>
            <translation>用 %1 开始</translation>
        </message>
        <message>
            <source>Choose file</source>
            <translation>选择文件</translation>
        </message>
    </context>
    <context>
        <name>MoreSampling</name>
        <message>
            <source>Typical-p</source>
            <translation>Typical-p</translation>
        </message>
        <message>
            <source>Presence penalty</source>
            <translation>存在惩罚</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>关</translation>
        </message>
        <message>
            <source>Frequency penalty</source>
            <translation>频率惩罚</translation>
        </message>
        <message>
            <source>Penalty window</source>
            <translation>惩罚窗口</translation>
        </message>
        <message>
            <source>Tokens looked back at; -1 is the whole context</source>
            <translation>回看的词元数，-1 表示整个上下文</translation>
        </message>
        <message>
            <source>DRY strength</source>
            <translation>DRY 强度</translation>
        </message>
        <message>
            <source>Stops phrases from coming back word for word</source>
            <translation>防止整句原样重复</translation>
        </message>
        <message>
            <source>DRY base</source>
            <translation>DRY 底数</translation>
        </message>
        <message>
            <source>DRY allowed length</source>
            <translation>DRY 允许长度</translation>
        </message>
        <message>
            <source>Longest answer</source>
            <translation>回答长度上限</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>词元</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>随机种子</translation>
        </message>
        <message>
            <source>The same seed gives the same answer</source>
            <translation>相同的种子给出相同的回答</translation>
        </message>
        <message>
            <source>A new one each time</source>
            <translation>每次随机</translation>
        </message>
    </context>
    <context>
        <name>NoticeBar</name>
        <message>
            <source>Dismiss</source>
            <translation>关闭</translation>
        </message>
    </context>
    <context>
        <name>NoticeRow</name>
        <message>
            <source>Continue</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <source>Another answer is being written</source>
            <translation>正在写另一个回答</translation>
        </message>
    </context>
    <context>
        <name>OverflowPanel</name>
        <message>
            <source>Back to the text</source>
            <translation>返回修改</translation>
        </message>
    </context>
    <context>
        <name>PageHeader</name>
        <message>
            <source>Show sidebar</source>
            <translation>显示侧边栏</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>返回</translation>
        </message>
    </context>
    <context>
        <name>PopupMenu</name>
        <message>
            <source>Menu</source>
            <translation>菜单</translation>
        </message>
    </context>
    <context>
        <name>PromptDialog</name>
        <message>
            <source>What the model reads</source>
            <translation>模型读到的内容</translation>
        </message>
        <message>
            <source>The whole prompt, with the marks of the chat template.</source>
            <translation>完整的提示词，包括对话模板的标记。</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>提示词</translation>
        </message>
    </context>
    <context>
        <name>ReloadBar</name>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>Reload model</source>
            <translation>重新载入模型</translation>
        </message>
    </context>
    <context>
        <name>SamplingGroup</name>
        <message>
            <source>Sampling</source>
            <translation>采样</translation>
        </message>
        <message>
            <source>Temperature</source>
            <translation>温度</translation>
        </message>
        <message>
            <source>0 always takes the likeliest token</source>
            <translation>0 表示总取概率最大的词元</translation>
        </message>
        <message>
            <source>Top-p</source>
            <translation>Top-p</translation>
        </message>
        <message>
            <source>Top-k</source>
            <translation>Top-k</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>关</translation>
        </message>
        <message>
            <source>Min-p</source>
            <translation>Min-p</translation>
        </message>
        <message>
            <source>Repetition penalty</source>
            <translation>重复惩罚</translation>
        </message>
        <message>
            <source>1 is off</source>
            <translation>1 表示关闭</translation>
        </message>
        <message>
            <source>Show fewer</source>
            <translation>收起</translation>
        </message>
        <message>
            <source>Show all sampling settings</source>
            <translation>显示全部采样设置</translation>
        </message>
    </context>
    <context>
        <name>SendButton</name>
        <message>
            <source>Stop</source>
            <translation>停止</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>发送</translation>
        </message>
    </context>
    <context>
        <name>SettingsNav</name>
        <message>
            <source>Settings pages</source>
            <translation>设置页面</translation>
        </message>
        <message>
            <source>Back to the chats</source>
            <translation>返回对话</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Model in use</source>
            <translation>正在使用的模型</translation>
        </message>
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>General</source>
            <translation>通用</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>外观</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Shortcuts</source>
            <translation>快捷键</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Page</source>
            <translation>页面</translation>
        </message>
        <message>
            <source>Reset all</source>
            <translation>全部还原</translation>
        </message>
    </context>
    <context>
        <name>Sidebar</name>
        <message>
            <source>Sidebar</source>
            <translation>侧边栏</translation>
        </message>
        <message>
            <source>Hide sidebar</source>
            <translation>隐藏侧边栏</translation>
        </message>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Search chats</source>
            <translation>搜索对话</translation>
        </message>
        <message>
            <source>Chats</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Your chats will be listed here.</source>
            <translation>你的对话会列在这里。</translation>
        </message>
    </context>
    <context>
        <name>SidebarFoot</name>
        <message>
            <source>%1, memory %2</source>
            <translation>%1，内存 %2</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
    </context>
    <context>
        <name>SystemPromptGroup</name>
        <message>
            <source>System prompt</source>
            <translation>系统提示词</translation>
        </message>
        <message>
            <source>Nothing is added before a chat</source>
            <translation>对话前不添加任何内容</translation>
        </message>
    </context>
    <context>
        <name>TableBlock</name>
        <message numerus="yes">
            <source>Table, %n column(s)</source>
            <translation>
                <numerusform>表格，%n 列</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ThemeChoice</name>
        <message>
            <source>Theme</source>
            <translation>主题</translation>
        </message>
        <message>
            <source>Match system</source>
            <translation>跟随系统</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>浅色</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>深色</translation>
        </message>
    </context>
    <context>
        <name>ThinkingControl</name>
        <message>
            <source>Auto</source>
            <translation>自动</translation>
        </message>
        <message>
            <source>Always</source>
            <translation>总是</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>从不</translation>
        </message>
        <message>
            <source>Think: %1</source>
            <translation>思考：%1</translation>
        </message>
        <message>
            <source>When to think</source>
            <translation>何时思考</translation>
        </message>
        <message>
            <source>the model decides</source>
            <translation>由模型决定</translation>
        </message>
        <message>
            <source>before each answer</source>
            <translation>每次回答前</translation>
        </message>
        <message>
            <source>answer at once</source>
            <translation>直接回答</translation>
        </message>
        <message>
            <source>Budget</source>
            <translation>预算</translation>
        </message>
        <message>
            <source>No limit</source>
            <translation>不限</translation>
        </message>
        <message>
            <source>%L1 tokens</source>
            <translation>%L1 词元</translation>
        </message>
        <message>
            <source>Thinking budget in tokens; 0 is no limit</source>
            <translation>思考预算（词元），0 表示不限</translation>
        </message>
    </context>
    <context>
        <name>ThinkingForm</name>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Show thoughts</source>
            <translation>显示思考</translation>
        </message>
        <message>
            <source>A thought you fold or unfold yourself stays that way</source>
            <translation>手动折叠或展开的思考会保持原样</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>展开</translation>
        </message>
        <message>
            <source>While thinking</source>
            <translation>思考时展开</translation>
        </message>
        <message>
            <source>Closed</source>
            <translation>折叠</translation>
        </message>
        <message>
            <source>When to think, and for how long, is a setting of each model.</source>
            <translation>何时思考、思考多久，由每个模型各自的设置决定。</translation>
        </message>
    </context>
    <context>
        <name>ThoughtBody</name>
        <message>
            <source>Text of the thought</source>
            <translation>思考内容</translation>
        </message>
        <message>
            <source>Latest</source>
            <translation>最新</translation>
        </message>
    </context>
    <context>
        <name>ThoughtCard</name>
        <message>
            <source>Thought: %1</source>
            <translation>思考：%1</translation>
        </message>
    </context>
    <context>
        <name>ThoughtFoot</name>
        <message>
            <source>Pause</source>
            <translation>暂停</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>继续</translation>
        </message>
        <message>
            <source>Continue thinking</source>
            <translation>继续思考</translation>
        </message>
        <message>
            <source>Another answer is being written</source>
            <translation>正在写另一个回答</translation>
        </message>
        <message>
            <source>Answer from here</source>
            <translation>就此作答</translation>
        </message>
        <message>
            <source>Answer now</source>
            <translation>立即回答</translation>
        </message>
    </context>
    <context>
        <name>ThoughtHeader</name>
        <message>
            <source>%1. Fold</source>
            <translation>%1。折叠</translation>
        </message>
        <message>
            <source>%1. Unfold</source>
            <translation>%1。展开</translation>
        </message>
        <message>
            <source>Thinking budget</source>
            <translation>思考预算</translation>
        </message>
        <message>
            <source>Copy thought</source>
            <translation>复制思考</translation>
        </message>
    </context>
    <context>
        <name>ToastBar</name>
        <message>
            <source>Dismiss</source>
            <translation>关闭</translation>
        </message>
    </context>
    <context>
        <name>UserMessage</name>
        <message>
            <source>You: %1</source>
            <translation>你：%1</translation>
        </message>
        <message>
            <source>Edit and ask again</source>
            <translation>编辑并重新提问</translation>
        </message>
        <message>
            <source>Copy question</source>
            <translation>复制问题</translation>
        </message>
    </context>
    <context>
        <name>main</name>
        <message>
            <source>Quit</source>
            <translation>退出</translation>
        </message>
        <message>
            <source>Chats of this session are not saved; export what you want to keep.</source>
            <translation>这次的对话不会保存，想保留的请先导出。</translation>
        </message>
        <message>
            <source>Pellucid ended unexpectedly last time. The report stays on this computer: %1</source>
            <translation>Pellucid 上次意外退出。报告只保存在这台电脑上：%1</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app</name>
        <message>
            <source>%1 s</source>
            <translation>%1 秒</translation>
        </message>
        <message>
            <source>%1 min %2 s</source>
            <translation>%1 分 %2 秒</translation>
        </message>
        <message>
            <source>%1 h %2 min</source>
            <translation>%1 小时 %2 分</translation>
        </message>
        <message>
            <source>%1 GiB</source>
            <translation>%1 GiB</translation>
        </message>
        <message>
            <source>%1 tokens</source>
            <translation>%1 词元</translation>
        </message>
        <message>
            <source>%1 tok/s</source>
            <translation>%1 词元/秒</translation>
        </message>
        <message>
            <source>first %1</source>
            <translation>首词元 %1</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Speed</source>
            <translation>速度</translation>
        </message>
        <message>
            <source>First token</source>
            <translation>首词元</translation>
        </message>
        <message>
            <source>Answer</source>
            <translation>回答</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>提示词</translation>
        </message>
        <message>
            <source>From cache</source>
            <translation>缓存命中</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1%</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <source>Cut off</source>
            <translation>已截断</translation>
        </message>
        <message>
            <source>Interrupted when the program ended</source>
            <translation>程序退出时中断</translation>
        </message>
        <message>
            <source>The reply failed</source>
            <translation>回答失败</translation>
        </message>
        <message>
            <source>The reply reached its limit of tokens.</source>
            <translation>回答已达到词元上限。</translation>
        </message>
        <message>
            <source>What had been written is kept. It can go on from here.</source>
            <translation>已写的内容都保留着，可以从这里继续。</translation>
        </message>
        <message>
            <source>You</source>
            <translation>你</translation>
        </message>
        <message>
            <source>Thought</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>(not finished)</source>
            <translation>（未完成）</translation>
        </message>
        <message>
            <source>This is no JSON file: %1 at byte %2.</source>
            <translation>这不是 JSON 文件：第 %2 字节处 %1。</translation>
        </message>
        <message>
            <source>Choose a JSON export of Pellucid, ChatGPT (conversations.json) or LM Studio.</source>
            <translation>请选择 Pellucid、ChatGPT（conversations.json）或 LM Studio 导出的 JSON 文件。</translation>
        </message>
        <message>
            <source>Pellucid does not know this kind of JSON file.</source>
            <translation>Pellucid 不认识这种 JSON 文件。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ChatController</name>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Choose a model first</source>
            <translation>请先选择模型</translation>
        </message>
        <message>
            <source>The prompt would take %1 of %2 tokens and leave too little room for a reply.</source>
            <translation>提示词将占 %2 词元中的 %1，留给回答的空间太少。</translation>
        </message>
        <message>
            <source>Shorten the message, or open the model with a longer context.</source>
            <translation>请缩短消息，或用更长的上下文载入模型。</translation>
        </message>
        <message numerus="yes">
            <source>Send without the %n oldest message(s)</source>
            <translation>
                <numerusform>不带最早的 %n 条消息发送</numerusform>
            </translation>
        </message>
        <message>
            <source>Frees %1 tokens. They stay in the chat.</source>
            <translation>可腾出 %1 词元。这些消息仍留在对话中。</translation>
        </message>
        <message numerus="yes">
            <source>Deleted %n message(s)</source>
            <translation>
                <numerusform>已删除 %n 条消息</numerusform>
            </translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>%1 (copy)</source>
            <translation>%1（副本）</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ChatDocument</name>
        <message>
            <source>Reading the prompt</source>
            <translation>正在读取提示词</translation>
        </message>
        <message>
            <source>Loading the model</source>
            <translation>正在载入模型</translation>
        </message>
        <message>
            <source>No model is loaded.</source>
            <translation>没有载入模型。</translation>
        </message>
        <message>
            <source>Choose a model, then try again.</source>
            <translation>请选择模型后重试。</translation>
        </message>
        <message>
            <source>The context is full</source>
            <translation>上下文已满</translation>
        </message>
        <message>
            <source>Open the model with a longer context, or fork from an earlier message.</source>
            <translation>请用更长的上下文载入模型，或从较早的消息另开对话。</translation>
        </message>
        <message>
            <source>Reading the prompt, %1 %</source>
            <translation>正在读取提示词，%1%</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>正在思考</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>已暂停</translation>
        </message>
        <message>
            <source>Cut off at the limit of %1 tokens</source>
            <translation>已在 %1 词元的上限处截断</translation>
        </message>
        <message>
            <source>Continue, or raise the limit in the model's settings.</source>
            <translation>可以继续，或在模型设置中提高上限。</translation>
        </message>
        <message>
            <source>The reply failed</source>
            <translation>回答失败</translation>
        </message>
        <message>
            <source>Answer ready</source>
            <translation>回答完毕</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ConversationListModel</name>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>没有找到</translation>
        </message>
        <message numerus="yes">
            <source>%n result(s)</source>
            <translation>
                <numerusform>%n 条结果</numerusform>
            </translation>
        </message>
        <message>
            <source>Pinned</source>
            <translation>置顶</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>今天</translation>
        </message>
        <message>
            <source>Yesterday</source>
            <translation>昨天</translation>
        </message>
        <message>
            <source>Previous 7 days</source>
            <translation>前 7 天</translation>
        </message>
        <message>
            <source>Older</source>
            <translation>更早</translation>
        </message>
        <message>
            <source>Deleted “%1”</source>
            <translation>已删除“%1”</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ExchangeController</name>
        <message>
            <source>Chat</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Saved %1</source>
            <translation>已保存 %1</translation>
        </message>
        <message>
            <source>%1 could not be written: %2.</source>
            <translation>无法写入 %1：%2。</translation>
        </message>
        <message>
            <source>Choose another folder, or free some space.</source>
            <translation>请换一个文件夹，或腾出一些空间。</translation>
        </message>
        <message>
            <source>%1 could not be read: %2.</source>
            <translation>无法读取 %1：%2。</translation>
        </message>
        <message>
            <source>There are no conversations in this file.</source>
            <translation>这个文件里没有对话。</translation>
        </message>
        <message numerus="yes">
            <source>Imported %n conversation(s)</source>
            <translation>
                <numerusform>已导入 %n 个对话</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelController</name>
        <message>
            <source>Loading %1, %2 %</source>
            <translation>正在载入 %1，%2%</translation>
        </message>
        <message>
            <source>Needs %1 of %2 free: weights %3, context %4, working space %5</source>
            <translation>需要 %1，空闲 %2：权重 %3，上下文 %4，工作空间 %5</translation>
        </message>
        <message>
            <source>The starter model is not installed on this computer.</source>
            <translation>这台电脑上没有随附的小模型。</translation>
        </message>
        <message>
            <source>%1 is included (%2 GB). Good for a first look.</source>
            <translation>%1 已随附（%2 GB），适合先试一试。</translation>
        </message>
        <message>
            <source>%1 needs %2 and %3 are free.</source>
            <translation>%1 需要 %2，而空闲的只有 %3。</translation>
        </message>
        <message>
            <source>Close other programs, choose a shorter context, or take a smaller model.</source>
            <translation>请关闭其他程序、缩短上下文，或换一个更小的模型。</translation>
        </message>
        <message>
            <source>Removed %1 from the list. The file stays.</source>
            <translation>已从列表移除 %1，文件仍在。</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>撤销</translation>
        </message>
        <message>
            <source>The starter model could not be copied to %1: %2</source>
            <translation>无法把随附的模型复制到 %1：%2</translation>
        </message>
        <message>
            <source>Free some space, then try again.</source>
            <translation>请腾出一些空间后重试。</translation>
        </message>
        <message>
            <source>Check that the data folder can be written.</source>
            <translation>请检查数据文件夹是否可写。</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelListModel</name>
        <message>
            <source>%1 B parameters</source>
            <translation>%1 B 参数</translation>
        </message>
        <message>
            <source>%1 M parameters</source>
            <translation>%1 M 参数</translation>
        </message>
        <message>
            <source>%1 GB</source>
            <translation>%1 GB</translation>
        </message>
        <message>
            <source>Needs %1 GiB</source>
            <translation>需要 %1 GiB</translation>
        </message>
        <message>
            <source>Fits in memory</source>
            <translation>内存足够</translation>
        </message>
        <message>
            <source>Needs %1 GiB more</source>
            <translation>还差 %1 GiB</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ModelSettingsBackend</name>
        <message numerus="yes">
            <source>%n settings need a reload.</source>
            <translation>
                <numerusform>有 %n 项设置需要重新载入模型。</numerusform>
            </translation>
        </message>
        <message>
            <source>Context length needs a reload.</source>
            <translation>上下文长度需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>The number of threads needs a reload.</source>
            <translation>线程数需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>The device needs a reload.</source>
            <translation>设备需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>The cache format needs a reload.</source>
            <translation>缓存格式需要重新载入模型才能生效。</translation>
        </message>
        <message>
            <source>%1 GiB</source>
            <translation>%1 GiB</translation>
        </message>
        <message>
            <source>Weights</source>
            <translation>权重</translation>
        </message>
        <message>
            <source>Context</source>
            <translation>上下文</translation>
        </message>
        <message>
            <source>Working space</source>
            <translation>工作空间</translation>
        </message>
        <message>
            <source>Free</source>
            <translation>空闲</translation>
        </message>
        <message>
            <source>%1 of %2 GiB</source>
            <translation>%1 / %2 GiB</translation>
        </message>
        <message>
            <source>Fits in memory</source>
            <translation>内存足够</translation>
        </message>
        <message>
            <source>Needs %1 GiB more</source>
            <translation>还差 %1 GiB</translation>
        </message>
        <message>
            <source>loaded</source>
            <translation>已载入</translation>
        </message>
        <message>
            <source>%1 · loaded</source>
            <translation>%1 · 已载入</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ShortcutList</name>
        <message>
            <source>Chats</source>
            <translation>对话</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>消息</translation>
        </message>
        <message>
            <source>Thinking</source>
            <translation>思考</translation>
        </message>
        <message>
            <source>Window</source>
            <translation>窗口</translation>
        </message>
        <message>
            <source>New chat</source>
            <translation>新对话</translation>
        </message>
        <message>
            <source>Search chats</source>
            <translation>搜索对话</translation>
        </message>
        <message>
            <source>Rename the chosen chat</source>
            <translation>重命名所选对话</translation>
        </message>
        <message>
            <source>Delete the chosen chat</source>
            <translation>删除所选对话</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>发送</translation>
        </message>
        <message>
            <source>New line</source>
            <translation>换行</translation>
        </message>
        <message>
            <source>Stop the reply</source>
            <translation>停止回答</translation>
        </message>
        <message>
            <source>Edit the last question</source>
            <translation>编辑上一个问题</translation>
        </message>
        <message>
            <source>Earlier version of a message</source>
            <translation>消息的上一个版本</translation>
        </message>
        <message>
            <source>Later version of a message</source>
            <translation>消息的下一个版本</translation>
        </message>
        <message>
            <source>Copy the last answer</source>
            <translation>复制最后的回答</translation>
        </message>
        <message>
            <source>Answer now</source>
            <translation>立即回答</translation>
        </message>
        <message>
            <source>Pause or resume thinking</source>
            <translation>暂停或继续思考</translation>
        </message>
        <message>
            <source>Fold or unfold a thought</source>
            <translation>折叠或展开思考</translation>
        </message>
        <message>
            <source>Choose when to think</source>
            <translation>选择何时思考</translation>
        </message>
        <message>
            <source>Choose a model</source>
            <translation>选择模型</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Show or hide the sidebar</source>
            <translation>显示或隐藏侧边栏</translation>
        </message>
        <message>
            <source>Next part of the window</source>
            <translation>窗口的下一区域</translation>
        </message>
        <message>
            <source>Larger</source>
            <translation>放大</translation>
        </message>
        <message>
            <source>Smaller</source>
            <translation>缩小</translation>
        </message>
        <message>
            <source>Normal size</source>
            <translation>正常大小</translation>
        </message>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>键盘快捷键</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>退出</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::SystemInfo</name>
        <message>
            <source>CPU</source>
            <translation>CPU</translation>
        </message>
        <message>
            <source>%1 / %2 GiB</source>
            <translation>%1 / %2 GiB</translation>
        </message>
        <message>
            <source>%1 GiB</source>
            <translation>%1 GiB</translation>
        </message>
        <message>
            <source>%1 GB</source>
            <translation>%1 GB</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::ThoughtState</name>
        <message>
            <source>Thinking</source>
            <translation>正在思考</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>已暂停</translation>
        </message>
        <message>
            <source>Thought for %1</source>
            <translation>思考了 %1</translation>
        </message>
        <message>
            <source>Answered early at %1</source>
            <translation>在 %1 提前作答</translation>
        </message>
        <message>
            <source>Cut off</source>
            <translation>已截断</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <source>Interrupted</source>
            <translation>已中断</translation>
        </message>
        <message numerus="yes">
            <source>%1 tokens</source>
            <translation>
                <numerusform>%1 词元</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 of %2 tokens</source>
            <translation>%1 / %2 词元</translation>
        </message>
    </context>
    <context>
        <name>pellucid::app::Workspace</name>
        <message>
            <source>What you see stays in memory until then; export it to be safe.</source>
            <translation>在此之前，眼前的内容只在内存里；为保险起见，请先导出。</translation>
        </message>
    </context>
</TS>
